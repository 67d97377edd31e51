using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;

namespace Footbridge.SystemTests;

/// <summary>The product's public events since this began to listen, in the ledger's order; each is durable when it is heard.</summary>
internal sealed class HeardEvents : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<JsonNode> _events = [];
    private readonly List<(Func<IReadOnlyList<JsonNode>, bool> IsEnough, TaskCompletionSource Found)> _waiting = [];
    private readonly IDisposable _listening;

    public HeardEvents(LiveEvents live) => _listening = live.Listen(Hear);

    /// <summary>Waits until what was heard is enough, and returns all of it.</summary>
    public async Task<IReadOnlyList<JsonNode>> WaitAsync(Func<IReadOnlyList<JsonNode>, bool> isEnough, CancellationToken ct)
    {
        Task found;
        lock (_gate)
        {
            if (isEnough(_events)) return [.. _events];
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((isEnough, waiter));
            found = waiter.Task;
        }

        await found.WaitAsync(ct);
        lock (_gate) return [.. _events];
    }

    public void Dispose() => _listening.Dispose();

    private void Hear(LiveEvent heard)
    {
        lock (_gate)
        {
            _events.Add(JsonNode.Parse(heard.Bytes)!);
            foreach (var (isEnough, found) in _waiting)
            {
                if (isEnough(_events)) found.TrySetResult();
            }
        }
    }
}
