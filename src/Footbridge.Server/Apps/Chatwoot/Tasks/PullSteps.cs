using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.Tasks;

/// <summary>The steps of imports as jobs, and what imports say on their way.</summary>
internal sealed class PullSteps(IJobState state, IPullState pulls, Queues queues, Decisions decisions)
{
    /// <summary>The lane in which an app's imports of one kind do what is about no chat.</summary>
    public static string LaneOf(string app, string queue) => $"{app}/{queue}";

    public static string JobIdOf(string pull, int step) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{pull}_{step}");

    /// <summary>The import that a step belongs to; null when it was stopped, or another has begun.</summary>
    public async Task<PullRow?> FindAsync(JobContext job, TaskData data, string kind, CancellationToken ct)
    {
        if (await pulls.FindAsync(data.App, kind, ct) is { State: PullState.Running } row && row.Id == data.Pull) return row;
        decisions.Say(job, "the import was stopped");
        return null;
    }

    /// <exception cref="PullTimeoutException">It took longer than one try may.</exception>
    public static async Task WithinAsync(PullTries tries, Func<CancellationToken, Task> step, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(tries.Timeout);
        try
        {
            await step(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new PullTimeoutException(tries.Timeout);
        }
    }

    /// <summary>Has a step done; told again it is the same job.</summary>
    /// <param name="chat">The key of the chat whose lane it goes through; null for the import's own.</param>
    public Task AcceptAsync(string queue, TaskData data, PullTries tries, string? chat, CancellationToken ct)
    {
        var policy = queues.Retried with { Attempts = Math.Max(1, tries.Attempts) };
        var lane = chat is null ? LaneOf(data.App, queue) : $"{data.App}/{chat}";
        var job = new JobRequest(JobIdOf(data.Pull, data.Step), queue, lane, data.Write(), policy) { Class = JobClass.Bulk };
        return state.AcceptAsync(new(job, data.App, DeliveryDirection.ToChatwoot) { Chat = chat, Conversation = data.Conversation }, ct);
    }

    /// <summary>A line of the conversation in which the import was asked for.</summary>
    /// <param name="what">Tells the lines of one import apart, so that each is said once.</param>
    public static Task TellAsync(JobContext job, ChatwootContext context, TaskData data, string what, string text, CancellationToken ct) =>
        SayAsync(job, context, data, what, new() { ["content"] = text, ["message_type"] = "activity", ["private"] = false }, ct);

    /// <summary>A message there, or a note where a customer could read along.</summary>
    public static Task AnswerAsync(JobContext job, ChatwootContext context, TaskData data, string what, string text, CancellationToken ct) => SayAsync(
        job, context, data, what,
        new() { ["content"] = data.IsIntegration ? text : Liquid.Escape(text), ["message_type"] = data.IsIntegration ? "incoming" : "outgoing", ["private"] = !data.IsIntegration }, ct);

    private static Task SayAsync(JobContext job, ChatwootContext context, TaskData data, string what, JsonObject message, CancellationToken ct) =>
        Lookback.SayOnceAsync(job.Runs > 1, context, data.Conversation, $"{data.Pull}:{what}", message, ct);
}

/// <summary>A try of an import took longer than it may.</summary>
internal sealed class PullTimeoutException(TimeSpan limit) : Exception($"the time limit of one try, {Commands.Duration.Text(limit)}, is over");
