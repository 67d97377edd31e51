using Footbridge.Server.Apps.Chatwoot.State;
using static Footbridge.Server.Workers.WorkerCallTable;

namespace Footbridge.Server.Workers.Calls;

/// <summary>Sessions: the counterpart of <see cref="RemoteSessionGate"/>.</summary>
internal sealed class SessionCalls(ISessionGate sessions) : IWorkerCallSet
{
    /// <summary>Longest wait of one call, below the worker's own patience.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    public void AddTo(WorkerCallTable table)
    {
        table.Add("session", async (a, ct) => Node(await sessions.FindAsync(a.Text(0), ct), WorkerJson.Default.SessionView));
        table.Add("session.wait", async (a, ct) => await sessions.WaitAsync(a.Text(0), a.Text(1), Patience(a.Number(2)), ct));
        table.Add("session.restart", (a, ct) => sessions.RestartAsync(a.Text(0), ct));
        table.Add("session.stop", (a, ct) => sessions.StopAsync(a.Text(0), ct));
        table.Add("session.link", async (a, ct) => Node(await sessions.LinkAsync(a.Text(0), ct), WorkerJson.Default.LinkAddress));
        table.Add("session.logout", (a, ct) => sessions.LogoutAsync(a.Text(0), ct));
    }

    private static TimeSpan Patience(long milliseconds) => TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, (long)LongestWait.TotalMilliseconds));
}
