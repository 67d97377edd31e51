using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Api.Jobs;
using Footbridge.Server.Config;

namespace Footbridge.Server.Apps.Chatwoot.Tasks;

/// <summary>What imports say of themselves.</summary>
internal sealed class PullWords(Settings settings)
{
    public static string Started(Words words, MessagePlan plan) => words.Say(Key.TaskMessagesStarted, new { chat = plan.Chat ?? "all", period = plan.Period });

    public static string Progress(Words words, MessagePlan plan, MessageProgress progress) =>
        words.Say(Key.TaskMessagesProgress, new { chat = ShownChat(plan, progress), progress = Counts(progress), messages = Dates(words, progress) });

    public static string Completed(Words words, MessagePlan plan, MessageProgress progress) =>
        words.Say(Key.TaskMessagesCompleted, new { chat = plan.Chat ?? "all", period = plan.Period, progress = Counts(progress) });

    public string Status(Words words, PullRow row)
    {
        var (plan, progress) = (MessagePlan.Read(row.Plan), MessageProgress.Read(row.Progress));
        return words.Say(Key.TaskMessagesStatus, new
        {
            chat = plan.Chat ?? "all",
            chats = plan.Chats?.Count,
            period = plan.Period,
            state = State(words, row),
            error = progress.Error,
            progress = Counts(progress),
            messages = Dates(words, progress),
            options = new { force = plan.Again, media = plan.Media, pause = plan.Pause },
            details = Details(Queues.MessagesPull, row, progress.Step),
        });
    }

    public string Status(Words words, PullRow row, ContactProgress progress) => words.Say(Key.TaskContactsStatus, new
    {
        state = State(words, row),
        error = progress.Error,
        progress = progress.Counts,
        details = Details(Queues.ContactsPull, row, progress.Step),
    });

    private static string State(Words words, PullRow row) => words.Say(row.State switch
    {
        PullState.Running => Key.PullStateRunning,
        PullState.Completed => Key.PullStateCompleted,
        PullState.Failed => Key.PullStateFailed,
        _ => Key.PullStateCancelled,
    });

    private JobReference Details(string queue, PullRow row, int step)
    {
        var job = PullSteps.JobIdOf(row.Id, step);
        return new($"{Queues.ShownName(queue)} => {job}", settings.PublicUrl + GetJob.PathOf(queue, job));
    }

    /// <summary>Which of many chats it is at.</summary>
    private static string ShownChat(MessagePlan plan, MessageProgress progress) => plan.Chat ?? $"all ({Math.Min(progress.Chat + 1, plan.Chats!.Count)} / {plan.Chats.Count})";

    private static object Counts(MessageProgress progress) => new
    {
        ok = progress.Ok,
        exists = progress.Exists,
        ignored = progress.Ignored,
        errors = progress.Errors,
        conversationResolve = progress.Resolved is { } resolved ? new { success = resolved, error = progress.Unresolved ?? 0 } : null,
    };

    private static object Dates(Words words, MessageProgress progress) => new { first = Date(words, progress.FirstAt), last = Date(words, progress.LastAt) };

    private static string? Date(Words words, long? seconds) => seconds is { } at ? words.Date(DateTimeOffset.FromUnixTimeSeconds(at)) : null;
}
