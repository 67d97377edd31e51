using System.Buffers.Binary;
using Footbridge.Engine.Connection;
using Footbridge.Protocol;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Messages;

/// <summary>Prekey bundles of other devices, from the server. Outside the loop. Source: docs/protocol/messages.md.</summary>
internal sealed class Bundles(ILink link, WaClientOptions options, ILogger logger)
{
    private const int MaxPerQuery = 200;

    /// <summary>The bundles that the server has and that are well-formed; a device without one is logged and left out.</summary>
    public async Task<Dictionary<Jid, PreKeyBundle>> FetchAsync(IReadOnlyList<Jid> devices, CancellationToken ct)
    {
        var bundles = new Dictionary<Jid, PreKeyBundle>();
        foreach (var chunk in devices.Chunk(MaxPerQuery))
        {
            var users = chunk.Select(device => Node.Of("user", [("jid", device), ("reason", "identity")])).ToArray();
            var answer = await link.QueryAsync(
                Iq.Get("encrypt", Node.Of("key", users)), options.QueryTimeout, ct);
            foreach (var user in answer.Child("list")?.ChildrenOf("user") ?? []) Add(user, bundles);
        }

        return bundles;
    }

    /// <summary>A bundle from the children of a <c>user</c> or <c>keys</c> node.</summary>
    /// <exception cref="ProtocolException">A part is missing or of the wrong size.</exception>
    public static PreKeyBundle Parse(Node node, uint registrationId)
    {
        var signed = node.Child("skey") ?? throw new ProtocolException("a bundle without a signed prekey");
        var oneTime = node.Child("key");
        return new(
            registrationId,
            SignalKeys.WithoutType(Content(node, "identity")),
            IdOf(signed), SignalKeys.WithoutType(Content(signed, "value")), Content(signed, "signature"),
            oneTime is null ? null : IdOf(oneTime), oneTime is null ? null : SignalKeys.WithoutType(Content(oneTime, "value")));
    }

    public static uint RegistrationOf(Node? registration) =>
        registration?.ContentBytes is { Length: 4 } bytes ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : throw new ProtocolException("a registration id that is not 4 bytes");

    private void Add(Node user, Dictionary<Jid, PreKeyBundle> bundles)
    {
        try
        {
            if (user.Child("error") is { } error) throw new ProtocolException($"no bundle: {error["code"]} {error["text"]}");
            bundles[user.RequiredJid("jid")] = Parse(user, RegistrationOf(user.Child("registration")));
        }
        catch (ProtocolException e)
        {
            logger.DeviceSkipped(e.Message);
        }
    }

    private static uint IdOf(Node key) =>
        key.Child("id")?.ContentBytes is { Length: 3 } id ? (uint)(id[0] << 16 | id[1] << 8 | id[2]) : throw new ProtocolException("a key id that is not 3 bytes");

    private static byte[] Content(Node parent, string tag) => parent.Child(tag)?.ContentBytes ?? throw new ProtocolException($"a bundle without <{tag}>");
}
