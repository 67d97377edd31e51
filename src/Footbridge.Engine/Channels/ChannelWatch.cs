using System.Collections.Concurrent;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Events;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Channels;

/// <summary>Counts of a channel's messages as they change: asked for a while at a time, and only on one connection. Source: docs/protocol/channels.md.</summary>
internal sealed class ChannelWatch(AccountContext context) : IStanzaHandler
{
    private static readonly TimeSpan ShortestWatch = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<Jid, DateTimeOffset> _until = new();

    /// <summary>Asks, unless the server still tells; outside the loop.</summary>
    public async Task StartAsync(Jid channel, CancellationToken ct)
    {
        var now = context.Time.GetUtcNow();
        if (!TryClaim(channel, now)) return;
        var answer = await context.Link.QueryAsync(ChannelStanzas.Watch(channel), context.Options.QueryTimeout, ct);
        var lasts = TimeSpan.FromSeconds(Math.Clamp(answer.Child("live_updates")?.LongOf("duration") ?? 0, 0, (long)TimeSpan.FromDays(1).TotalSeconds));
        if (lasts > ShortestWatch) _until[channel] = now + lasts;
    }

    /// <summary>What was asked for on an earlier connection is not told on this one.</summary>
    public void Forget() => _until.Clear();

    /// <summary>Inside the loop.</summary>
    public async ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        var batch = new StoreBatch();
        if (stanza.JidOf("from") is { Server: JidServer.Newsletter } channel && stanza.Child("live_updates") is { } updates)
        {
            var posts = ChannelParser.Posts(updates.Child("messages") ?? updates);
            foreach (var post in posts) ServerIds.Keep(channel, post.Id, post.ServerId, batch);
            if (posts.Count > 0) batch.Publish(new ChannelCounted($"channel:{channel.User}:{stanza.Required("id")}:counts", ChannelParser.TimeOf(stanza), channel.ToUser(), posts));
        }

        await context.Commits.CommitAsync(batch, () => context.Link.Send(Acks.For(stanza)), ct);
    }

    /// <summary>False when the server tells already, or is just being asked.</summary>
    private bool TryClaim(Jid channel, DateTimeOffset now) => _until.TryGetValue(channel, out var until)
        ? until <= now && _until.TryUpdate(channel, now + ShortestWatch, until)
        : _until.TryAdd(channel, now + ShortestWatch);
}
