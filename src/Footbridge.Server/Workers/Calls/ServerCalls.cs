using Footbridge.Server.Apps.Chatwoot.State;
using static Footbridge.Server.Workers.WorkerCallTable;

namespace Footbridge.Server.Workers.Calls;

/// <summary>The process itself: the counterpart of <see cref="RemoteServerGate"/>.</summary>
internal sealed class ServerCalls(IServerGate server) : IWorkerCallSet
{
    public void AddTo(WorkerCallTable table)
    {
        table.Add("server", async (_, ct) => Node(await server.DescribeAsync(ct), WorkerJson.Default.ServerView));
        table.Add("server.stop", (a, ct) => server.StopAsync(a.Flag(0), ct));
    }
}
