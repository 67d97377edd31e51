using Footbridge.Jobs;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Makes clients; all share one pool of connections.</summary>
internal sealed class ChatwootClients(ChatwootHttp http, ChatwootLimiters limiters)
{
    public ChatwootClient For(ChatwootConfig config, JobClass priority) => new(http.Client, limiters.For(config.Url), config, priority);
}
