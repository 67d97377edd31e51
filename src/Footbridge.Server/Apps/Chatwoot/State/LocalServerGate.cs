using Footbridge.Server.Api.Observability;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>This process.</summary>
internal sealed class LocalServerGate(IHostApplicationLifetime lifetime, TimeProvider time) : IServerGate
{
    public ValueTask<ServerView> DescribeAsync(CancellationToken ct) => new(new ServerView(GetVersion.Describe(), GetStatus.Describe(time)));

    public Task StopAsync(bool isForced, CancellationToken ct)
    {
        ServerControl.StopSoon(isForced, lifetime, time);
        return Task.CompletedTask;
    }
}
