using Footbridge.Protocol;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Connection;

/// <summary>Which handler takes which stanza; runs inside the account's loop.</summary>
internal sealed class StanzaRouter(Action<Node> send, ILogger logger)
{
    private readonly Dictionary<string, IStanzaHandler> _handlers = new(StringComparer.Ordinal);

    /// <param name="key">A tag, or a tag and its type, namespace or dirty area: <c>notification/encrypt</c>, <c>iq/md</c>, <c>ib/groups</c>.</param>
    public void Add(string key, IStanzaHandler handler) => _handlers.Add(key, handler);

    /// <summary>Handles a stanza; an error in it is logged and the stanza left unacknowledged, so that the server keeps it.</summary>
    public async ValueTask RouteAsync(Node stanza, CancellationToken ct)
    {
        try
        {
            var kind = stanza.Tag switch { "iq" => stanza["xmlns"], "ib" => stanza.Child("dirty")?["type"], _ => stanza["type"] };
            if (_handlers.TryGetValue($"{stanza.Tag}/{kind}", out var handler) || _handlers.TryGetValue(stanza.Tag, out handler)) await handler.HandleAsync(stanza, ct);
            else HandleUnknown(stanza, kind);
        }
        catch (ProtocolException e)
        {
            logger.StanzaMalformed(stanza.Tag, e.Message);
            if (stanza["id"] is not null && stanza.Tag is "message" or "receipt" or "notification" or "call") send(Acks.For(stanza));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.StanzaFailed(e, stanza.Tag);
        }
    }

    private void HandleUnknown(Node stanza, string? kind)
    {
        logger.StanzaUnknown(stanza.Tag, kind);
        if (stanza.Tag is "notification" or "call" or "receipt" or "message") send(Acks.For(stanza));
        else if (stanza.Tag == "iq" && stanza["type"] == "get") send(Node.Of("iq", [("id", stanza["id"]), ("type", "result"), ("to", stanza["from"] ?? Jid.Service.ToString())]));
    }
}

/// <summary>Acks of what the server sent. Source: docs/protocol/receipts.md.</summary>
internal static class Acks
{
    /// <summary>The ack of a stanza; <paramref name="error"/> tells the server what was wrong with it.</summary>
    public static Node For(Node stanza, int? error = null) => Node.Of("ack", [
        ("class", stanza.Tag),
        ("id", stanza["id"]),
        ("to", stanza["from"]),
        ("type", stanza.Tag == "message" ? null : stanza["type"]),
        ("participant", stanza["participant"]),
        ("recipient", stanza["recipient"]),
        ("error", error)]);
}
