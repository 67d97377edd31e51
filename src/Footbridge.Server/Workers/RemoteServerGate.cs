using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Workers;

/// <summary>The process with the API, over HTTP.</summary>
internal sealed class RemoteServerGate(WorkerClient api) : IServerGate
{
    public async ValueTask<ServerView> DescribeAsync(CancellationToken ct) =>
        await api.AskAsync("server", [], WorkerJson.Default.ServerView, ct) ?? throw new ApiAwayException("the API did not say what it is", null);

    public Task StopAsync(bool isForced, CancellationToken ct) => api.TellAsync("server.stop", [isForced], ct);
}
