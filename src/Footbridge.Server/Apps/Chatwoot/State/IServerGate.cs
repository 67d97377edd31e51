using System.Text.Json.Nodes;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>The server's version and state, as its API tells them.</summary>
internal sealed record ServerView(JsonObject Version, JsonObject Status);

/// <summary>The process that has the API, for jobs.</summary>
internal interface IServerGate
{
    ValueTask<ServerView> DescribeAsync(CancellationToken ct);

    /// <summary>Has it stop a moment later; a supervisor starts it again.</summary>
    /// <param name="isForced">Without waiting for what is on its way.</param>
    Task StopAsync(bool isForced, CancellationToken ct);
}
