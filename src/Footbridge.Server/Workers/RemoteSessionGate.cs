using System.Text.Json;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Workers;

/// <summary>Sessions over HTTP.</summary>
internal sealed class RemoteSessionGate(WorkerClient api) : ISessionGate
{
    public async ValueTask<SessionView?> FindAsync(string session, CancellationToken ct) => await api.AskAsync("session", [session], WorkerJson.Default.SessionView, ct);

    public Task<bool> WaitAsync(string session, string status, TimeSpan patience, CancellationToken ct) =>
        api.AskAsync("session.wait", [session, status, (long)patience.TotalMilliseconds], WorkerJson.Default.Boolean, ct);

    public Task RestartAsync(string session, CancellationToken ct) => api.TellAsync("session.restart", [session], ct);

    public Task StopAsync(string session, CancellationToken ct) => api.TellAsync("session.stop", [session], ct);

    public Task LogoutAsync(string session, CancellationToken ct) => api.TellAsync("session.logout", [session], ct);

    public Task<LinkAddress?> LinkAsync(string session, CancellationToken ct) => api.AskAsync("session.link", [session], WorkerJson.Default.LinkAddress, ct);
}
