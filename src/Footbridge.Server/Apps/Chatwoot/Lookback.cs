using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Footbridge.Jobs;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Looks before it posts when an earlier try may have got through: a try that failed, or one a crash cut off.</summary>
/// <remarks>
/// A lane runs one job at a time, so a crash can only have cut off the first job that its lane runs in this process;
/// that one looks, and after it only those that were tried before. Chatwoot cannot be asked for a source id, so the messages
/// behind the last one that this lane is known to have posted are gone through.
/// </remarks>
internal sealed class Lookback(MessageMap map)
{
    private readonly ConcurrentDictionary<string, bool> _lanes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _tried = new(StringComparer.Ordinal);

    /// <summary>Posts a message with a source id, unless the conversation has it already; returns its id either way.</summary>
    public async Task<long> PostOnceAsync(JobContext job, ChatwootContext context, long conversation, string sourceId, JsonObject message, CancellationToken ct)
    {
        var isFirstOfLane = _lanes.TryAdd(job.Lane, true);
        var wasTried = !_tried.TryAdd(job.Id, true);
        var mayBeThere = isFirstOfLane || wasTried || job.Attempt > 1;
        if (mayBeThere && await FindAsync(context, conversation, sourceId, ct) is { } existing) return Done(job, existing);
        message["source_id"] = sourceId;
        return Done(job, await context.Client.PostMessageAsync(conversation, message, ct));
    }

    /// <summary>Forgets a job that will not be tried again.</summary>
    public void Forget(string jobId) => _tried.TryRemove(jobId, out _);

    private async Task<long?> FindAsync(ChatwootContext context, long conversation, string sourceId, CancellationToken ct)
    {
        var after = map.LastPosted(context.App.Id, conversation) ?? 0;
        while (true)
        {
            var page = await context.Client.MessagesAfterAsync(conversation, after, ct);
            if (page.FirstOrDefault(m => m?["source_id"]?.ToString() == sourceId) is { } found) return found["id"]!.GetValue<long>();
            if (page.Count < ChatwootClient.MessagesPage) return null;
            after = page[^1]!["id"]!.GetValue<long>();
        }
    }

    private long Done(JobContext job, long id)
    {
        Forget(job.Id);
        return id;
    }
}
