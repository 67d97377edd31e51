using System.Collections.Concurrent;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Contacts;

/// <summary>Which phone numbers have an account. WhatsApp watches how many numbers a client asks for, so answers are kept.</summary>
/// <remarks>
/// A number that is found is kept for a day, one that is not for an hour. WhatsApp's answer names the account's real number, which need not be the
/// one asked for (Brazil's ninth digit, Mexico's 1, Argentina's 9): numbers are never guessed here. Source: docs/protocol/contacts.md.
/// </remarks>
public sealed class NumberLookups
{
    private const int MaxPerQuery = 500;
    private const int MaxKept = 20_000;
    private static readonly TimeSpan KeepFound = TimeSpan.FromDays(1);
    private static readonly TimeSpan KeepMissing = TimeSpan.FromHours(1);
    private readonly AccountContext _context;
    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    internal NumberLookups(AccountContext context) => _context = context;

    /// <summary>The account of each number (digits, with country code); null for a number without.</summary>
    /// <exception cref="QueryFailedException">WhatsApp refuses, or has asked for a pause that is not over (code 429).</exception>
    /// <exception cref="NotOnlineException">The account is not online.</exception>
    /// <exception cref="TimeoutException">No answer in time.</exception>
    public async Task<IReadOnlyDictionary<string, Party?>> FindAsync(IReadOnlyCollection<string> phones, CancellationToken ct)
    {
        _context.Link.RequireOnline();
        var found = new Dictionary<string, Party?>(StringComparer.Ordinal);
        var unknown = new List<string>();
        foreach (var phone in phones.Distinct(StringComparer.Ordinal))
        {
            if (_kept.TryGetValue(phone, out var kept) && kept.Until > _context.Time.GetUtcNow()) found[phone] = kept.Account;
            else unknown.Add(phone);
        }

        foreach (var chunk in unknown.Chunk(MaxPerQuery)) await AskAsync(chunk, found, ct);
        return found;
    }

    private async Task AskAsync(string[] phones, Dictionary<string, Party?> found, CancellationToken ct)
    {
        if (_notBefore > _context.Time.GetUtcNow()) throw new QueryFailedException(429, $"no more numbers may be looked up before {_notBefore:O}");
        var answer = await _context.QueryAsync(UsyncStanzas.Contacts(phones), ct);
        NoteBackoff(answer);
        var accounts = new Dictionary<string, Party>(StringComparer.Ordinal);
        foreach (var user in answer.Path("usync", "list")?.ChildrenOf("user") ?? [])
        {
            if (user.Child("contact") is not { } contact || contact["type"] != "in" || PartyOf(user) is not { } party) continue;
            // By what was asked: the account's own number may be written another way.
            accounts[DigitsOf(contact.ContentText) is { Length: > 0 } echo ? echo : party.Phone?.User ?? ""] = party;
        }

        await LearnAsync(accounts.Values, ct);
        if (_kept.Count > MaxKept) _kept.Clear();
        foreach (var phone in phones)
        {
            found[phone] = accounts.TryGetValue(phone, out var party) ? party : null;
            _kept[phone] = new(found[phone], _context.Time.GetUtcNow() + (found[phone] is null ? KeepMissing : KeepFound));
        }
    }

    private Task LearnAsync(IEnumerable<Party> parties, CancellationToken ct) => _context.StoreAsync(async (batch, stop) =>
    {
        foreach (var party in parties)
        {
            if (party is { Phone: { } phone, Lid: { } lid }) await _context.State.LearnPairAsync(phone, lid, PairSource.Usync, _context.Time.GetUtcNow(), batch, stop);
        }
    }, ct);

    private void NoteBackoff(Node answer)
    {
        var result = answer.Path("usync", "result")?.Child("contact");
        var error = result?.Child("error");
        if ((error?.LongOf("backoff") ?? result?.LongOf("backoff")) is { } seconds) _notBefore = _context.Time.GetUtcNow() + TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 86_400));
        if (error is not null) throw new QueryFailedException((int)(error.LongOf("code") ?? 0), error["text"] ?? "");
    }

    private static Party? PartyOf(Node user)
    {
        if (user.JidOf("jid")?.ToUser() is not { } jid) return null;
        return MessageSource.PartyOf(jid, (jid.IsLid ? user.JidOf("pn_jid") : user.Child("lid")?.JidOf("val"))?.ToUser());
    }

    private static string DigitsOf(string? echo) => new([.. (echo ?? "").TakeWhile(c => c != '@').Where(char.IsAsciiDigit)]);

    private readonly record struct Kept(Party? Account, DateTimeOffset Until);
}
