using System.Text.Json.Nodes;

namespace Footbridge.Simulator.Chatwoot.Faults;

/// <summary>Lets callbacks of agents' messages go in another order than they were made, in groups of one size.</summary>
internal sealed class WebhookShuffle(int size, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<TaskCompletionSource> _group = [];

    /// <summary>For <see cref="ChatwootFaults.BeforeWebhook"/>.</summary>
    public Task HoldAsync(JsonObject body)
    {
        if (body["event"]!.ToString() != "message_created" || body["message_type"]!.ToString() != "outgoing") return Task.CompletedTask;
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_group)
        {
            _group.Add(mine);
            if (_group.Count < size) return mine.Task;
            var released = _group.ToArray();
            _group.Clear();
            _random.Shuffle(released);
            foreach (var one in released) one.SetResult();
        }

        return mine.Task;
    }
}
