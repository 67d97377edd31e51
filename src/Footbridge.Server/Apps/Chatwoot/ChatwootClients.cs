namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Makes clients; all share one pool of connections.</summary>
internal sealed class ChatwootClients(ChatwootHttp http)
{
    public ChatwootClient For(ChatwootConfig config) => new(http.Client, config);
}
