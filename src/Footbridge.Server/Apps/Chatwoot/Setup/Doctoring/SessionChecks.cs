using System.Globalization;
using System.Net.Sockets;
using Footbridge.Engine;
using Footbridge.Jobs;
using Footbridge.Server.Api.Jobs;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.Reconcile;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;

/// <summary>Whether the phone is linked and the connection lives, and whether messages get through the queues.</summary>
internal sealed class SessionChecks(SessionRegistry sessions, IJobMonitor monitor, Reconciliation reconciliation, Settings settings)
{
    private const int ManyWaiting = 1000;
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Recently = TimeSpan.FromDays(7);
    private static readonly TimeSpan ProofAge = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan ProxyPatience = TimeSpan.FromSeconds(3);

    /// <summary>Inboxes at rest have every fifth turn, and a turn takes its time; after so long the comparison stands still.</summary>
    private const int OverdueTurns = 15;

    public IEnumerable<Check> All() =>
    [
        new("session", Key.DoctorCheckSession, (e, _) => Task.FromResult(Linked(e.App.Session))),
        new("liveness", Key.DoctorCheckLiveness, (e, _) => Task.FromResult(Lives(e.App.Session, e.Time))) { Needs = ["session"] },
        new("proxy", Key.DoctorCheckProxy, (e, ct) => ProxyAsync(e.App.Session, ct)),
        new("paused-queues", Key.DoctorCheckPausedQueues, (_, ct) => PausedAsync(ct)) { Needs = PlantChecks.NeedsRedis },
        new("waiting-jobs", Key.DoctorCheckWaitingJobs, (_, ct) => WaitingAsync(ct)) { Needs = PlantChecks.NeedsRedis },
        new("failed-jobs", Key.DoctorCheckFailedJobs, (_, ct) => FailedAsync(ct)) { Needs = PlantChecks.NeedsRedis },
        new("quarantine", Key.DoctorCheckQuarantine, QuarantineAsync) { Needs = PlantChecks.NeedsRedis },
        new("dropped", Key.DoctorCheckDropped, DroppedAsync),
        new("missing", Key.DoctorCheckMissing, MissingAsync) { Needs = PlantChecks.NeedsRedis },
        new("comparison", Key.DoctorCheckComparison, ComparisonAsync),
    ];

    private Finding Linked(string session)
    {
        if (sessions.FindConfig(session) is null) return Finding.Fail($"there is no session '{session}'", "Create it, on the page Sessions or with POST /api/sessions");
        return sessions.Find(session) is var live && (live?.Status ?? SessionStatus.Stopped) is var status && status == SessionStatus.Working
            ? Finding.Ok("linked and connected")
            : status switch
            {
                SessionStatus.Starting => Finding.Warn($"is connecting{(live?.Detail is { } detail ? $": {detail}" : "")}", "Wait a moment; if it goes on, see whether this server reaches WhatsApp"),
                SessionStatus.Stopped => Finding.Fail("is stopped", "Start it, on the page Sessions or with 'start' in the chat"),
                SessionStatus.Failed => Finding.Fail($"has failed: {live?.Detail ?? "no reason is known"}", "Restart it; when the phone has unlinked it, link it again"),
                _ => Finding.Fail("no phone is linked", "Link the phone, on the page Sessions or with a link from there"),
            };
    }

    private Finding Lives(string session, TimeProvider time)
    {
        if (sessions.Find(session) is not { } live) return Finding.Skip("it has just been stopped");
        var proof = live.Client.Liveness;
        if (proof.Step != LivenessStep.Proven) return Finding.Warn($"in doubt ({proof.Reason}), being looked into", "Nothing: it heals by itself; if it goes on, restart the session");
        if (proof.VerifiedAt is not { } at) return Finding.Ok("just connected");
        var age = time.GetUtcNow() - at;
        var said = string.Create(CultureInfo.InvariantCulture, $"last proof {Math.Max(0, age.TotalSeconds):0} s ago");
        return age < ProofAge ? Finding.Ok(said) : Finding.Warn(said, "Restart the session");
    }

    private async Task<Finding> ProxyAsync(string session, CancellationToken ct)
    {
        try
        {
            if (EngineOptions.ProxyOf(session, sessions.FindConfig(session) ?? [], 0, settings.Sessions) is not { } proxy) return Finding.Ok("none");
            return await IsThereAsync(proxy.Server, ct) ? Finding.Ok($"{proxy}") : Finding.Fail($"nobody answers at {proxy}", "See that the proxy runs and its host and port are right, in the session's configuration or WHATSAPP_PROXY_SERVER");
        }
        catch (FormatException e)
        {
            return Finding.Fail(e.Message, "Correct the proxy in the session's configuration, or WHATSAPP_PROXY_SERVER");
        }
    }

    private static async Task<bool> IsThereAsync(Uri address, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(ProxyPatience);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.DnsSafeHost, address.Port, patience.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }

    private async Task<Finding> PausedAsync(CancellationToken ct)
    {
        var paused = (await QueuesAsync(ct)).Where(queue => queue.IsPaused).Select(queue => Queues.ShownName(queue.Queue)).ToList();
        return paused.Count == 0 ? Finding.Ok("none") : Finding.Warn(string.Join(", ", paused), "Switch them on, on the page Queues or with 'queue start' in the chat");
    }

    private async Task<Finding> WaitingAsync(CancellationToken ct)
    {
        var queues = await QueuesAsync(ct);
        var (waiting, oldest) = (queues.Sum(queue => queue.Counts.GetValueOrDefault(JobState.Waiting)), queues.Max(queue => queue.OldestWaiting) ?? TimeSpan.Zero);
        var said = string.Create(CultureInfo.InvariantCulture, $"{waiting}, the oldest for {oldest.TotalSeconds:0} s");
        return waiting < ManyWaiting && oldest < LongWait ? Finding.Ok(said) : Finding.Warn(said, "See on the page Lanes what holds them up; when it is load alone, add workers or raise WAHA_APPS_JOBS_CONCURRENCY");
    }

    private async Task<Finding> FailedAsync(CancellationToken ct)
    {
        var failed = (await QueuesAsync(ct)).Where(queue => queue.Counts.GetValueOrDefault(JobState.Failed) > 0).ToList();
        return failed.Count == 0 ? Finding.Ok("none")
            : Finding.Warn(string.Join(", ", failed.Select(queue => string.Create(CultureInfo.InvariantCulture, $"{queue.Counts[JobState.Failed]} of {Queues.ShownName(queue.Queue)}"))), $"See why and retry them: {settings.PublicUrl}{GetJob.PathOf(failed[0].Queue)}");
    }

    /// <summary>A message that could belong to several contacts is no failed one: it is on its way, and looks again and again.</summary>
    private async Task<Finding> QuarantineAsync(Examination e, CancellationToken ct)
    {
        var waits = (await monitor.JobsAsync(JobState.Delayed, Queues.MessageAny, 0, Reconciliation.MaxListed, ct))
            .Where(job => job.Lane.StartsWith($"{e.App.Id}/", StringComparison.Ordinal) && (job.Error?.Contains(Quarantine.WaitsForMerge, StringComparison.Ordinal) ?? false)).ToList();
        return waits.Count == 0 ? Finding.Ok("none")
            : Finding.Warn(string.Create(CultureInfo.InvariantCulture, $"{waits.Count}, with those behind them in their chats: more than one contact could be meant"), "Merge the contacts that the notes in Chatwoot name, or delete one of them: then they are filed by themselves");
    }

    private async Task<Finding> DroppedAsync(Examination e, CancellationToken ct)
    {
        var report = await ReportAsync(e, ct);
        var count = report.ToChatwoot.Dropped + report.ToWhatsApp.Dropped + report.ToChatwoot.Quarantined + report.ToWhatsApp.Quarantined;
        return count == 0 ? Finding.Ok("none in the last 7 days") : Finding.Warn(Count(count), $"See why, and retry them: {ReportLink}");
    }

    private async Task<Finding> MissingAsync(Examination e, CancellationToken ct)
    {
        var report = await ReportAsync(e, ct);
        if (report.IsBrokerAway) return Finding.Skip("the broker cannot be asked");
        var count = report.ToChatwoot.Missing + report.ToWhatsApp.Missing;
        return count == 0 ? Finding.Ok("none in the last 7 days") : Finding.Fail(Count(count), $"They are enqueued again within a minute; if not, see {ReportLink}");
    }

    private async Task<Finding> ComparisonAsync(Examination e, CancellationToken ct)
    {
        if (settings.ReconcileInterval <= TimeSpan.Zero) return Finding.Warn("is switched off: a callback that Chatwoot loses is lost for good", "Set FOOTBRIDGE_RECONCILE_SECONDS to 60");
        if ((await ReportAsync(e, ct)).LastPass is not { } pass) return Finding.Ok("has not run yet");
        if (pass.Error == ReconcilePass.OverBudget) return Finding.Ok(pass.Error);
        var age = e.Time.GetUtcNow() - pass.At;
        return age > settings.ReconcileInterval * OverdueTurns ? Finding.Warn(string.Create(CultureInfo.InvariantCulture, $"stands still, for {age.TotalMinutes:0} minutes"), "Restart this server; its log says why it stood still")
            : pass.Error is { } error ? Finding.Warn($"the last one did not get through: {error}", "See the checks of Chatwoot's address and token above")
            : Finding.Ok(string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0} s ago"));
    }

    private string ReportLink => $"{settings.PublicUrl}/jobs/reconciliation";

    private Task<ReconciliationReport> ReportAsync(Examination e, CancellationToken ct) => e.ReportAsync(() => reconciliation.ReportAsync(e.App.Id, e.Time.GetUtcNow() - Recently, e.Time.GetUtcNow(), ct));

    private Task<IReadOnlyList<QueueStatus>> QueuesAsync(CancellationToken ct) => monitor.QueuesAsync(ct);

    private static string Count(long number) => string.Create(CultureInfo.InvariantCulture, $"{number} in the last 7 days");
}
