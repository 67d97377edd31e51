using System.Collections.Concurrent;
using Footbridge.Engine.Channels;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Events;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages;

/// <summary>The server's acks of our messages: noted in the outbox, told as an event, and only then given to whoever waits. Inside the loop.</summary>
internal sealed class AckReceiver(ILink link, AccountState state, Commits commits, IDeviceStore store, InboundMessages inbound, ChangesUnderWay changes) : IStanzaHandler
{
    private const string StaleAddressing = "421";

    /// <summary>Messages whose ack is on its way to the store.</summary>
    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);

    public async ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        if (stanza["class"] != "message" || stanza["id"] is not { } acked) return;
        var id = changes.Resolve(acked);
        // A message leaves when it is durable, so its entry can be read without waiting for other commits; only a second ack has to.
        if (_underWay.ContainsKey(id)) await commits.DrainAsync();
        if (await StoredOutgoing.LoadAsync(store, id, ct) is not { } entry)
        {
            // A message to the account's own phone: nothing is kept of it.
            link.CompleteAck(id, stanza);
            return;
        }

        if (entry.AckedAtSeconds is not null) return;
        var batch = new StoreBatch();
        var chat = Jid.Parse(entry.To);
        var party = MessageSource.PartyOf(chat, await state.TwinAsync(chat, ct));
        var error = stanza["error"];
        var time = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(stanza.LongOf("t") ?? entry.CreatedAtMs / 1000, 0, uint.MaxValue));
        batch.Delete(StateKind.Unacknowledged, id);
        // No failure of the message: what was known of the group was stale, and it leaves again at once.
        if (error == StaleAddressing && chat.IsGroup)
        {
            link.CompleteAck(id, stanza);
            return;
        }

        if (error is null)
        {
            (entry with { AckedAtSeconds = time.ToUnixTimeSeconds() }).Save(id, batch);
            if (stanza.LongOf("server_id") is { } serverId && chat.Server == JidServer.Newsletter) ServerIds.Keep(chat, acked, serverId, batch);
            await PublishAsync(id, entry, party, time, batch, ct);
        }

        var level = error is null ? AckLevel.Server : AckLevel.Error;
        batch.Publish(new MessageAcked($"ack:{id}:{(int)level}", time, id, party, party, IsFromMe: true, level, error));
        _underWay[id] = true;
        await commits.CommitAsync(batch, () => Complete(id, stanza), ct);
    }

    private void Complete(string id, Node ack)
    {
        _underWay.TryRemove(id, out _);
        link.CompleteAck(id, ack);
    }

    /// <summary>Our own message, for all who follow the account; once, since it is done with the first ack.</summary>
    private async ValueTask PublishAsync(string id, StoredOutgoing entry, Party chat, DateTimeOffset time, StoreBatch batch, CancellationToken ct)
    {
        var me = link.Me;
        var address = me.Address(chat.Address.IsLid);
        var sender = new Party(address.ToUser(), me.Phone.ToUser(), me.Lid?.ToUser());
        await inbound.TakeAsync(
            new($"message:{id}|{sender.Address.User}", id, time, chat, sender, true, me.PushName, Protobuf.Parse(Message.Parser, entry.Content)) { Origin = MessageOrigin.Api, Tag = entry.Tag }, batch, ct);
    }
}
