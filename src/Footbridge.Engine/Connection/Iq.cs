using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Connection;

/// <summary>Queries to the server itself; whoever sends one adds the id.</summary>
internal static class Iq
{
    public static Node Get(string xmlns, params ReadOnlySpan<Node?> content) => To(Jid.Service, "get", xmlns, content);

    public static Node Set(string xmlns, params ReadOnlySpan<Node?> content) => To(Jid.Service, "set", xmlns, content);

    /// <param name="to">A group or a channel.</param>
    public static Node To(Jid to, string type, string xmlns, params ReadOnlySpan<Node?> content) => Node.Of("iq", [("type", type), ("xmlns", xmlns), ("to", to)], content);
}
