using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Footbridge.Jobs;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Looks before it posts when an earlier try may have got through: a try that failed, or one a crash cut off.</summary>
/// <remarks>
/// A lane runs one job at a time, so a crash can only have cut off the first job that its lane runs in this process;
/// that one looks, and after it only those that were tried before.
/// </remarks>
internal sealed class Lookback
{
    private readonly ConcurrentDictionary<string, bool> _lanes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _tried = new(StringComparer.Ordinal);

    /// <summary>Posts a message with a source id, unless the conversation has it already; returns its id either way.</summary>
    public async Task<long> PostOnceAsync(JobContext job, ChatwootClient client, long conversation, string sourceId, JsonObject message, CancellationToken ct)
    {
        var isFirstOfLane = _lanes.TryAdd(job.Lane, true);
        var wasTried = !_tried.TryAdd(job.Id, true);
        if (isFirstOfLane || wasTried || job.Attempt > 1)
        {
            var existing = (await client.NewestMessagesAsync(conversation, ct)).LastOrDefault(m => m?["source_id"]?.ToString() == sourceId);
            if (existing is not null) return Done(job, existing["id"]!.GetValue<long>());
        }

        message["source_id"] = sourceId;
        return Done(job, await client.PostMessageAsync(conversation, message, ct));
    }

    private long Done(JobContext job, long id)
    {
        _tried.TryRemove(job.Id, out _);
        return id;
    }
}
