using Footbridge.Engine.Connection;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Presence;

/// <summary>Presence and chat states of others. Inside the loop; nothing of it is stored or acknowledged. Source: docs/protocol/presence.md.</summary>
internal sealed class PresenceReceiver(AccountContext context, PresenceBook book) : IStanzaHandler
{
    public async ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        var from = stanza.RequiredJid("from").ToUser();
        var person = stanza.JidOf("participant")?.ToUser() ?? from;
        if (context.IsMe(person)) return;
        if (KindOf(stanza) is not { } kind) return;
        var participant = await PartyOfAsync(person, ct);
        book.Note(new(from == person ? participant : await PartyOfAsync(from, ct), participant, kind, LastSeen(stanza)));
    }

    private static PresenceKind? KindOf(Node stanza)
    {
        if (stanza.Tag == "presence") return stanza["type"] switch
        {
            "unavailable" => PresenceKind.Offline,
            null or "available" => PresenceKind.Online,
            _ => null,
        };
        if (stanza.Child("composing") is { } composing) return composing["media"] == "audio" ? PresenceKind.Recording : PresenceKind.Typing;
        return stanza.Child("paused") is null ? null : PresenceKind.Paused;
    }

    private static DateTimeOffset? LastSeen(Node stanza) =>
        stanza.LongOf("last") is > 0 and var last ? DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(last, 0, uint.MaxValue)) : null;

    private async ValueTask<Party> PartyOfAsync(Jid jid, CancellationToken ct) =>
        MessageSource.PartyOf(jid, jid.IsUser ? await context.State.TwinAsync(jid, ct) : null);
}
