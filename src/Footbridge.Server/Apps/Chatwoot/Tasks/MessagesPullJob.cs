using Footbridge.Jobs;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Tasks.Database;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.Tasks;

/// <summary>Imports messages of the past, chat by chat. Each step is a job: what is about one chat goes through that chat's lane, so that it comes between no two of its live messages.</summary>
/// <remarks>
/// A step ends by writing how far the import is and accepting the next one, so it can be cut off anywhere. A turn is short: the live messages
/// that have come meanwhile go before the next one, unless the import is to hold them. Why: docs/decisions/0018-imports.md.
/// </remarks>
internal sealed class MessagesPullJob(
    ChatwootApps apps, IPullState pulls, IHistoryGate history, IJobState state, PullSteps steps, HistoryTurn turn, DatabaseTurn database, JobErrors errors, Decisions decisions, TimeProvider time)
{
    public const string Kind = "messages";

    /// <summary>The longest that live messages of a chat wait for its past.</summary>
    public static readonly TimeSpan TurnLength = TimeSpan.FromSeconds(20);

    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => RunAsync(job, TaskData.Read(job.Payload), ct));

    private async Task RunAsync(JobContext job, TaskData data, CancellationToken ct)
    {
        if (await steps.FindAsync(job, data, Kind, ct) is not { } row) return;
        var (plan, progress) = (MessagePlan.Read(row.Plan), MessageProgress.Read(row.Progress));
        if (progress.Step > data.Step)
        {
            // Done before; only the next one may not have been heard of.
            await AcceptAsync(data, plan, progress, ct);
            return;
        }

        var run = new PullRun(job, await apps.OpenAsync(data.App, job.Class, ct), data, plan);
        await PullSteps.WithinAsync(plan.Tries, limited => StepAsync(run, progress, limited), ct);
    }

    private Task StepAsync(PullRun run, MessageProgress progress, CancellationToken ct) => progress.Stage switch
    {
        PullStage.Plan => PlanAsync(run, progress, ct),
        PullStage.Older => FetchOlderAsync(run, progress, ct),
        PullStage.Turn => TurnAsync(run, progress, ct),
        _ => EndAsync(run, progress, ct),
    };

    private async Task PlanAsync(PullRun run, MessageProgress progress, CancellationToken ct)
    {
        var (data, plan) = (run.Data, run.Plan with { Chats = await ChatsAsync(run.Plan, ct) });
        if (plan.Chats.Count == 0)
        {
            await PullSteps.AnswerAsync(run.Job, run.Context, data, "none", run.Context.Words.Say(Key.CliCmdMessagesPullNoChatsFound), ct);
            await pulls.SaveAsync(data.App, Kind, data.Pull, new(State: PullState.Completed), ct);
            return;
        }

        if (plan.DryRun)
        {
            await CountAsync(run with { Plan = plan }, progress, ct);
            return;
        }

        progress = progress with { UsesDatabase = await MayUseDatabaseAsync(run, ct) };
        await PullSteps.TellAsync(run.Job, run.Context, data, "started", PullWords.Started(run.Context.Words, plan), ct);
        await GoOnAsync(run with { Plan = plan }, progress with { Stage = plan.Older ? PullStage.Older : PullStage.Turn }, ct, plan.Write());
    }

    private async Task<IReadOnlyList<string>> ChatsAsync(MessagePlan plan, CancellationToken ct)
    {
        if (plan.Chat is null) return await history.ChatsAsync(plan.Session, plan.Kinds, plan.Older ? null : plan.Window, ct);
        var asked = WahaIds.ParseChatId(plan.Chat) ?? (Jid.TryParse(plan.Chat, out var jid) ? jid : null);
        return asked is { } chat && await history.FindChatAsync(plan.Session, chat, ct) is { } key ? [key] : [];
    }

    private async Task CountAsync(PullRun run, MessageProgress progress, CancellationToken ct)
    {
        foreach (var chat in run.Plan.Chats!)
        {
            var after = (At: long.MinValue, Row: 0L);
            while (await history.MessagesAsync(run.Plan.Session, chat, run.Plan.Window, after, Math.Max(1, run.Plan.Batch), ct) is { Count: > 0 } page)
            {
                foreach (var message in page)
                {
                    var isThere = await state.ByWhatsAppAsync(run.Data.App, WahaIds.RawId(message.Event.Payload["id"]!.ToString()), ct) is not null;
                    progress = isThere ? progress with { Exists = progress.Exists + 1 } : progress with { Ok = progress.Ok + 1 };
                }

                after = (page[^1].At, page[^1].Row);
            }
        }

        var counted = new { period = run.Plan.Period, chats = run.Plan.Chats!.Count, messages = progress.Ok + progress.Exists, exists = progress.Exists };
        await PullSteps.AnswerAsync(run.Job, run.Context, run.Data, "counted", run.Context.Words.Say(Key.PullCounted, counted), ct);
        await pulls.SaveAsync(run.Data.App, Kind, run.Data.Pull, new(progress.Write(), run.Plan.Write(), PullState.Completed), ct);
    }

    private async Task FetchOlderAsync(PullRun run, MessageProgress progress, CancellationToken ct)
    {
        var chat = run.Plan.Chats![progress.Chat];
        try
        {
            while (await history.FetchOlderAsync(run.Plan.Session, chat, run.Plan.Window.From, ct))
            {
                // Each portion may show that there are still older ones.
            }
        }
        catch (Exception e) when (e is SessionNotWorkingException or Engine.Messages.SendFailedException or TimeoutException or Engine.Messages.NotOnlineException)
        {
            await run.Job.LogAsync($"the phone was not asked for older messages: {e.Message}", ct);
        }

        await GoOnAsync(run, progress with { Stage = PullStage.Turn }, ct);
    }

    private async Task TurnAsync(PullRun run, MessageProgress progress, CancellationToken ct)
    {
        var (plan, began) = (run.Plan, time.GetTimestamp());
        while (plan.Pause || time.GetElapsedTime(began) < TurnLength)
        {
            var page = await history.MessagesAsync(plan.Session, plan.Chats![progress.Chat], plan.Window, (progress.At, progress.Row), Math.Max(1, plan.Batch), ct);
            if (page.Count == 0)
            {
                var next = progress.Chat + 1;
                var stage = next == plan.Chats.Count ? PullStage.End : plan.Older ? PullStage.Older : PullStage.Turn;
                await GoOnAsync(run, progress with { Chat = next, At = 0, Row = 0, Stage = stage }, ct);
                return;
            }

            if (progress.UsesDatabase && progress.RestChat != progress.Chat)
            {
                progress = await ImportAsync(run, progress, page, ct);
                if (!await pulls.SaveAsync(run.Data.App, Kind, run.Data.Pull, new(progress.Write()), ct)) return;
                continue;
            }

            foreach (var message in page)
            {
                progress = Counted(run, progress.Past(message), await turn.ImportAsync(run.Job, run.Context, run.Data, plan, message, ct));
                if (!await pulls.SaveAsync(run.Data.App, Kind, run.Data.Pull, new(progress.Write()), ct)) return;
                if (plan.ProgressEvery > 0 && progress.Seen % plan.ProgressEvery == 0)
                {
                    await PullSteps.TellAsync(run.Job, run.Context, run.Data, $"progress:{progress.Seen}", PullWords.Progress(run.Context.Words, plan, progress), ct);
                }

                if (!plan.Pause && time.GetElapsedTime(began) >= TurnLength) break;
            }
        }

        await GoOnAsync(run, progress, ct);
    }

    private async Task<bool> MayUseDatabaseAsync(PullRun run, CancellationToken ct)
    {
        if (run.Context.Config.Database is null) return false;
        if (await database.FindTroubleAsync(run.Context.Config, ct) is not { } reason) return true;
        await RefuseDatabaseAsync(run, reason, ct);
        return false;
    }

    private static Task RefuseDatabaseAsync(PullRun run, string reason, CancellationToken ct) =>
        PullSteps.AnswerAsync(run.Job, run.Context, run.Data, "database", run.Context.Words.Say(Key.PullDatabaseRefused, new { reason }), ct);

    /// <summary>A page by the database, whole or not at all; where that cannot be, its chat goes on without it.</summary>
    private async Task<MessageProgress> ImportAsync(PullRun run, MessageProgress progress, IReadOnlyList<HistoryMessage> page, CancellationToken ct)
    {
        try
        {
            var before = progress.Seen;
            var results = await database.ImportAsync(run, page, await run.Context.Client.FindAgentAsync(ct), ct);
            for (var i = 0; i < page.Count; i++) progress = Counted(run, progress.Past(page[i]), results[i]);
            var every = run.Plan.ProgressEvery;
            if (every > 0 && progress.Seen / every > before / every)
            {
                await PullSteps.TellAsync(run.Job, run.Context, run.Data, $"progress:{progress.Seen}", PullWords.Progress(run.Context.Words, run.Plan, progress), ct);
            }

            return progress;
        }
        catch (UnfitConversationException e)
        {
            // Said once; others may fit.
            if (progress.RestChat is null) await RefuseDatabaseAsync(run, e.Message, ct);
            else await run.Job.LogAsync($"chat {progress.Chat} goes without the database: {e.Message}", ct);
            return progress with { RestChat = progress.Chat };
        }
    }

    private static MessageProgress Counted(PullRun run, MessageProgress progress, (Imported Result, long? Conversation) done)
    {
        if (run.Plan.Resolve && done.Conversation is { } touched && progress.Conversations?.Contains(touched) != true) progress = progress with { Conversations = [.. progress.Conversations ?? [], touched] };
        return done.Result switch
        {
            Imported.Posted => progress with { Ok = progress.Ok + 1 },
            Imported.WasThere => progress with { Exists = progress.Exists + 1 },
            _ => progress with { Errors = progress.Errors + 1 },
        };
    }

    private async Task EndAsync(PullRun run, MessageProgress progress, CancellationToken ct)
    {
        var (data, plan) = (run.Data, run.Plan);
        if (plan.Resolve) progress = await ResolveAsync(run, progress, ct);
        await PullSteps.TellAsync(run.Job, run.Context, data, "completed", PullWords.Completed(run.Context.Words, plan, progress), ct);
        await pulls.SaveAsync(data.App, Kind, data.Pull, new(progress.Write(), State: PullState.Completed), ct);
        decisions.Say(run.Job, $"imported {progress.Ok} messages of {plan.Chats!.Count} chats");
    }

    private static async Task<MessageProgress> ResolveAsync(PullRun run, MessageProgress progress, CancellationToken ct)
    {
        var (resolved, failed) = (0, 0);
        foreach (var conversation in progress.Conversations ?? [])
        {
            try
            {
                await run.Context.Client.SetConversationStatusAsync(conversation, "resolved", ct);
                resolved++;
            }
            catch (ChatwootException e)
            {
                failed++;
                await run.Job.LogAsync($"conversation {conversation} was not resolved: {e.Message}", ct);
            }
        }

        return progress with { Resolved = resolved, Unresolved = failed };
    }

    private async Task GoOnAsync(PullRun run, MessageProgress progress, CancellationToken ct, string? plan = null)
    {
        progress = progress with { Step = run.Data.Step + 1 };
        if (!await pulls.SaveAsync(run.Data.App, Kind, run.Data.Pull, new(progress.Write(), plan), ct)) return;
        await AcceptAsync(run.Data, run.Plan, progress, ct);
    }

    private Task AcceptAsync(TaskData done, MessagePlan plan, MessageProgress progress, CancellationToken ct)
    {
        var chat = progress.Stage == PullStage.Turn ? plan.Chats![progress.Chat] : null;
        return steps.AcceptAsync(Queues.MessagesPull, done with { Step = progress.Step, Stage = progress.Stage }, plan.Tries, chat, ct);
    }
}

/// <summary>A run of a step.</summary>
internal sealed record PullRun(JobContext Job, ChatwootContext Context, TaskData Data, MessagePlan Plan);
