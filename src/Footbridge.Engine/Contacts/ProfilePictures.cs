using System.Collections.Concurrent;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Contacts;

/// <summary>A picture of a person, a group or the account.</summary>
/// <param name="Url">Where it can be fetched for some days, without keys.</param>
public sealed record ProfilePicture(string Id, Uri Url);

/// <summary>Pictures of people and groups. Answers are kept for a day or until WhatsApp tells of a change. Source: docs/protocol/contacts.md.</summary>
public sealed class ProfilePictures
{
    private const int MaxKept = 10_000;
    private const int MaxBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(1);
    private readonly AccountContext _context;
    private readonly MediaHttp _http;
    private readonly ConcurrentDictionary<(Jid Owner, bool IsPreview), Kept> _kept = new();

    internal ProfilePictures(AccountContext context) => (_context, _http) = (context, new(context.Options, context.Time));

    /// <summary>The picture of a person or group; null when there is none or it is hidden from this account.</summary>
    /// <param name="isPreview">The small one.</param>
    /// <param name="refresh">Asks WhatsApp even when the answer of the last day is known.</param>
    /// <exception cref="QueryFailedException">WhatsApp refuses, for instance since too many were asked for (429).</exception>
    public async Task<ProfilePicture?> FindAsync(Jid owner, bool isPreview, bool refresh, CancellationToken ct)
    {
        owner = owner.ToUser();
        _context.Link.RequireOnline();
        if (!refresh && _kept.TryGetValue((owner, isPreview), out var kept) && kept.Until > _context.Time.GetUtcNow()) return kept.Picture;
        var picture = await AskAsync(owner, isPreview, ct);
        if (_kept.Count > MaxKept) _kept.Clear();
        _kept[(owner, isPreview)] = new(picture, _context.Time.GetUtcNow() + KeepFor);
        return picture;
    }

    /// <summary>The bytes of a picture.</summary>
    /// <exception cref="MediaFailedException">It cannot be had from where WhatsApp says it is.</exception>
    /// <exception cref="MediaTooLargeException">It is larger than a picture is.</exception>
    public async Task<byte[]> FetchAsync(ProfilePicture picture, CancellationToken ct)
    {
        using var watch = _http.Watch(ct);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, picture.Url);
            using var response = await _http.SendAsync(request, watch.Token);
            if (!response.IsSuccessStatusCode) throw new MediaFailedException($"the picture's host answered {(int)response.StatusCode}");
            using var bytes = new MemoryStream();
            await using var body = new WatchedStream(await response.Content.ReadAsStreamAsync(watch.Token), watch, MaxBytes);
            await body.CopyToAsync(bytes, watch.Token);
            return bytes.ToArray();
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && watch.HasStalled))
        {
            throw new MediaFailedException($"the picture's host cannot be reached: {e.Message}");
        }
    }

    /// <summary>Sets the account's picture, or a group's; returns the picture's id.</summary>
    /// <param name="group">Null for the account itself.</param>
    /// <param name="jpeg">Square, at most 640 pixels wide.</param>
    /// <exception cref="QueryFailedException">WhatsApp refuses: not an admin, not a picture it takes.</exception>
    public async Task<string> SetAsync(Jid? group, byte[] jpeg, CancellationToken ct)
    {
        var answer = await _context.QueryAsync(Change(group, Node.OfBytes("picture", [("type", "image")], jpeg)), ct);
        ForgetChanged(group);
        return answer.Child("picture")?["id"] ?? throw new ProtocolException("WhatsApp set a picture and did not name it");
    }

    /// <summary>Removes the account's picture, or a group's.</summary>
    /// <exception cref="QueryFailedException">WhatsApp refuses.</exception>
    public async Task RemoveAsync(Jid? group, CancellationToken ct)
    {
        await _context.QueryAsync(Change(group, null), ct);
        ForgetChanged(group);
    }

    internal void Forget(Jid owner)
    {
        foreach (var isPreview in new[] { false, true }) _kept.TryRemove((owner.ToUser(), isPreview), out _);
    }

    private async Task<ProfilePicture?> AskAsync(Jid owner, bool isPreview, CancellationToken ct)
    {
        var lid = owner.IsPhone ? await LidMap.FindTwinAsync(_context.Store, owner, ct) ?? owner : owner;
        var token = owner.IsUser ? await PrivacyTokens.FindAsync(_context.Store, lid, _context.Time.GetUtcNow(), ct) : null;
        var query = Node.Of("iq", [("type", "get"), ("xmlns", "w:profile:picture"), ("to", Jid.Service), ("target", owner)],
            Node.Of("picture", [("type", isPreview ? "preview" : "image"), ("query", "url")], token is null ? null : Node.OfBytes("tctoken", token)));
        try
        {
            var picture = (await _context.QueryAsync(query, ct)).Child("picture");
            return picture?["url"] is { } url && Uri.TryCreate(url, UriKind.Absolute, out var address) ? new(picture["id"] ?? "", address) : null;
        }
        catch (QueryFailedException e) when (e.Code is 401 or 403 or 404)
        {
            return null;
        }
    }

    private static Node Change(Jid? group, Node? picture) =>
        Node.Of("iq", [("type", "set"), ("xmlns", "w:profile:picture"), ("to", Jid.Service), ("target", group?.ToUser())], picture);

    private void ForgetChanged(Jid? group)
    {
        Forget(group ?? _context.Link.Me.Phone);
        if (group is null && _context.Link.Me.Lid is { } lid) Forget(lid);
    }

    private readonly record struct Kept(ProfilePicture? Picture, DateTimeOffset Until);
}
