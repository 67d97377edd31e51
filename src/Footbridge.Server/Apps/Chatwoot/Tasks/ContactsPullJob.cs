using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.Tasks;

/// <summary>Imports the contacts a session knows. It writes how far it is behind each of them, and goes on there after whatever ended it.</summary>
internal sealed class ContactsPullJob(
    ChatwootApps apps, IPullState pulls, IHistoryGate history, ContactImport contacts, PullSteps steps, Settings settings, JobErrors errors, Decisions decisions, TimeProvider time)
{
    public const string Kind = "contacts";

    /// <summary>Then others who wait for a place of bulk work have their turn.</summary>
    private static readonly TimeSpan TurnLength = TimeSpan.FromSeconds(20);

    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => RunAsync(job, TaskData.Read(job.Payload), ct));

    private async Task RunAsync(JobContext job, TaskData data, CancellationToken ct)
    {
        if (await steps.FindAsync(job, data, Kind, ct) is not { } row) return;
        var (plan, progress) = (ContactPlan.Read(row.Plan), ContactProgress.Read(row.Progress));
        if (progress.Step > data.Step)
        {
            await AcceptAsync(data, plan, progress, ct);
            return;
        }

        await PullSteps.WithinAsync(plan.Tries, async limited =>
        {
            var context = await apps.OpenAsync(data.App, job.Class, limited);
            if (data.Step == 0) await TellOfStartAsync(job, context, data, progress, limited);
            await TurnAsync(new(job, context, data, plan), progress, limited);
        }, ct);
    }

    private Task TellOfStartAsync(JobContext job, ChatwootContext context, TaskData data, ContactProgress progress, CancellationToken ct)
    {
        var prefix = data.IsIntegration ? "" : settings.CommandPrefix;
        return PullSteps.TellAsync(job, context, data, "started", context.Words.Say(Key.TaskContactsStarted, new { progress = progress.Counts, prefix }), ct);
    }

    private async Task TurnAsync(Run run, ContactProgress progress, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < TurnLength)
        {
            var page = await history.ContactsAsync(run.Plan.Session, progress.IsAtChats, progress.After, Math.Max(1, run.Plan.Batch), ct);
            if (page.Count == 0)
            {
                if (progress.IsAtChats)
                {
                    await EndAsync(run, progress, ct);
                    return;
                }

                progress = progress with { IsAtChats = true, After = 0 };
                continue;
            }

            foreach (var person in page)
            {
                progress = await ImportAsync(run, progress, person, ct);
                if (!await pulls.SaveAsync(run.Data.App, Kind, run.Data.Pull, new(progress.Write()), ct)) return;
                await TellAsync(run, progress, ct);
                await Task.Delay(run.Plan.DelayContact, time, ct);
                if (time.GetElapsedTime(began) >= TurnLength) break;
            }

            await Task.Delay(run.Plan.DelayBatch, time, ct);
        }

        progress = progress with { Step = run.Data.Step + 1 };
        if (await pulls.SaveAsync(run.Data.App, Kind, run.Data.Pull, new(progress.Write()), ct)) await AcceptAsync(run.Data, run.Plan, progress, ct);
    }

    private async Task<ContactProgress> ImportAsync(Run run, ContactProgress progress, HistoryContact person, CancellationToken ct)
    {
        progress = progress with { After = person.Row, Seen = progress.Seen + 1 };
        var isMeant = person.Group is not null ? run.Plan.Groups : person.IsListed && (person.Phone is not null || run.Plan.Lids);
        if (!isMeant) return progress with { Skipped = progress.Skipped + 1 };
        try
        {
            var change = await contacts.ImportAsync(run.Context, run.Plan, person, ct);
            return progress with
            {
                Created = progress.Created + (change.IsNew ? 1 : 0),
                Updated = progress.Updated + (change.IsUpdated ? 1 : 0),
                Renamed = progress.Renamed + (change.IsRenamed ? 1 : 0),
                Pictures = progress.Pictures + (change.HasPicture ? 1 : 0),
            };
        }
        catch (Exception e) when (HistoryTurn.IsOfThisMessage(e))
        {
            await run.Job.LogAsync($"a contact was left out: {e.Message}", ct);
            return progress with { Errors = progress.Errors + 1 };
        }
    }

    private static async Task TellAsync(Run run, ContactProgress progress, CancellationToken ct)
    {
        if (run.Plan.ProgressEvery == 0 || progress.Seen % run.Plan.ProgressEvery != 0) return;
        await PullSteps.TellAsync(run.Job, run.Context, run.Data, $"progress:{progress.Seen}", run.Context.Words.Say(Key.TaskContactsProgress, new { progress = progress.Counts }), ct);
    }

    private async Task EndAsync(Run run, ContactProgress progress, CancellationToken ct)
    {
        await PullSteps.TellAsync(run.Job, run.Context, run.Data, "completed", run.Context.Words.Say(Key.TaskContactsCompleted, new { progress = progress.Counts }), ct);
        await pulls.SaveAsync(run.Data.App, Kind, run.Data.Pull, new(progress.Write(), State: PullState.Completed), ct);
        decisions.Say(run.Job, $"imported {progress.Created} contacts");
    }

    private Task AcceptAsync(TaskData done, ContactPlan plan, ContactProgress progress, CancellationToken ct) =>
        steps.AcceptAsync(Queues.ContactsPull, done with { Step = progress.Step, Stage = PullStage.Turn }, plan.Tries, null, ct);

    private sealed record Run(JobContext Job, ChatwootContext Context, TaskData Data, ContactPlan Plan);
}
