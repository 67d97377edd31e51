using Footbridge.Engine.Connection;
using Footbridge.Engine.Events;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages;

/// <summary>Receipts others send: how far our messages have come. Inside the loop. Source: docs/protocol/receipts.md.</summary>
internal sealed class ReceiptReceiver(ILink link, AccountState state, Commits commits, TimeProvider time) : IStanzaHandler
{
    public async ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        var batch = new StoreBatch();
        if (stanza.Child("participants") is not null) await TakeGroupedAsync(stanza, batch, ct);
        else if (LevelOf(stanza["type"]) is { } level)
        {
            var from = stanza.RequiredJid("from").ToUser();
            var isOwn = stanza["type"] is "read-self" or "played-self";
            var chat = isOwn ? stanza.JidOf("recipient")?.ToUser() ?? from : from;
            var party = MessageSource.PartyOf(chat, await state.TwinAsync(chat, ct));
            var participant = stanza.JidOf("participant")?.ToUser() is { } who ? MessageSource.PartyOf(who, await state.TwinAsync(who, ct)) : party;
            var at = TimeOf(stanza);
            foreach (var id in IdsOf(stanza))
            {
                batch.Publish(new MessageAcked($"ack:{id}:{(int)level}:{participant.Address.User}", at, id, party, participant, !isOwn, level, null));
            }
        }

        await commits.CommitAsync(batch, () => link.Send(Acks.For(stanza)), ct);
    }

    /// <summary>Receipts of many members for one message of ours, in one stanza.</summary>
    private async ValueTask TakeGroupedAsync(Node stanza, StoreBatch batch, CancellationToken ct)
    {
        var chat = MessageSource.PartyOf(stanza.RequiredJid("from").ToUser(), null);
        foreach (var list in stanza.ChildrenOf("participants"))
        {
            if ((list["key"] ?? stanza["id"]) is not { } id) continue;
            foreach (var user in list.ChildrenOf("user"))
            {
                if (user.JidOf("jid")?.ToUser() is not { } who || LevelOf(user["type"] ?? stanza["type"]) is not { } level) continue;
                var participant = MessageSource.PartyOf(who, await state.TwinAsync(who, ct));
                batch.Publish(new MessageAcked($"ack:{id}:{(int)level}:{who.User}", TimeOf(user), id, chat, participant, true, level, null));
            }
        }
    }

    private DateTimeOffset TimeOf(Node node) =>
        node.LongOf("t") is { } t ? DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(t, 0, uint.MaxValue)) : time.GetUtcNow();

    private static IEnumerable<string> IdsOf(Node stanza) =>
        new[] { stanza["id"] }.Concat(stanza.Child("list")?.ChildrenOf("item").Select(item => item["id"]) ?? []).OfType<string>().Distinct();

    private static AckLevel? LevelOf(string? type) => type switch
    {
        null or "" or "inactive" => AckLevel.Device,
        "read" or "read-self" => AckLevel.Read,
        "played" or "played-self" => AckLevel.Played,
        _ => null,
    };
}
