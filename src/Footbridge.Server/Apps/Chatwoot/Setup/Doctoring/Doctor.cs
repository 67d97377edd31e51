using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;

/// <summary>Which findings are put right.</summary>
internal enum Repairs
{
    None,

    /// <summary>What nobody can have meant otherwise.</summary>
    Safe,

    All,
}

/// <summary>Looks at everything that a message needs on its way, says what is wrong with the repair in one line, and repairs what it can.</summary>
internal sealed class Doctor(
    AppRegistry apps, ChatwootClients clients, Locales locales, CallbackProbe probe, CallbackWatch watch,
    ServerChecks server, InboxChecks inbox, CallbackChecks callbacks, PlantChecks plant, SessionChecks session, Settings settings, TimeProvider time)
{
    /// <summary>All checks, in the order they are made.</summary>
    public IReadOnlyList<Check> Checks { get; } = [.. server.All(), .. inbox.All(), .. callbacks.All(), .. plant.All(), .. session.All()];

    /// <exception cref="SessionNotFoundException">There is no such app.</exception>
    public Task<DoctorReport> ExamineAsync(string app, Repairs repairs, CancellationToken ct) => ExamineAsync(app, Checks, repairs, ct);

    /// <summary>Only what somebody may change in Chatwoot at any time.</summary>
    public Task<DoctorReport> ExamineDriftAsync(string app, Repairs repairs, CancellationToken ct) => ExamineAsync(app, [.. Checks.Where(check => check.IsDrift)], repairs, ct);

    private async Task<DoctorReport> ExamineAsync(string id, IReadOnlyList<Check> checks, Repairs repairs, CancellationToken ct)
    {
        var results = new Dictionary<string, CheckResult>(StringComparer.Ordinal);
        var examination = Open(id);
        foreach (var check in checks)
        {
            var result = ResultOf(check, examination, await LookAsync(check, results, examination, ct));
            if (MayFix(check, repairs) && result.State is CheckState.Failed or CheckState.Warning && check.FixAsync is { } fix)
            {
                result = await FixAsync(check, fix, result, results, examination, ct);
                // What was asked before is not so any more.
                examination = Open(id);
            }

            results[check.Name] = result;
        }

        return new(id, examination.App.Session, time.GetUtcNow(), [.. results.Values]);
    }

    private static bool MayFix(Check check, Repairs repairs) => repairs == Repairs.All || (repairs == Repairs.Safe && check.IsSafeToFix);

    private async Task<CheckResult> FixAsync(
        Check check, Func<Examination, CancellationToken, Task> fix, CheckResult before, Dictionary<string, CheckResult> results, Examination examination, CancellationToken ct)
    {
        try
        {
            await fix(examination, ct);
        }
        catch (Exception e) when (SetupTrouble.IsChatwoots(e))
        {
            var (reason, repair) = SetupTrouble.Of(e);
            return before with { Found = $"{before.Found}; it could not be put right: {reason}", Repair = repair };
        }

        var after = ResultOf(check, examination, await LookAsync(check, results, Open(examination.App.Id), ct));
        return after with { IsFixed = after.State == CheckState.Ok };
    }

    private static CheckResult ResultOf(Check check, Examination examination, Finding finding) =>
        new(check.Name, examination.Context.Words.Say(check.Title), finding.State, finding.Found, finding.Repair, check.FixAsync is not null && finding.State is CheckState.Failed or CheckState.Warning && check.FixAsync is not null, IsFixed: false);

    private static async Task<Finding> LookAsync(Check check, Dictionary<string, CheckResult> before, Examination examination, CancellationToken ct)
    {
        foreach (var needed in check.Needs)
        {
            if (before.GetValueOrDefault(needed) is { State: CheckState.Failed or CheckState.Skipped } missing) return Finding.Skip($"not looked at, because of: {missing.Label}");
        }

        try
        {
            return await check.LookAsync(examination, ct);
        }
        catch (Exception e) when (SetupTrouble.IsChatwoots(e))
        {
            var (reason, repair) = SetupTrouble.Of(e);
            return Finding.Fail(reason, repair);
        }
        catch (BrokerUnavailableException)
        {
            return Finding.Skip("the broker cannot be asked");
        }
    }

    private Examination Open(string id)
    {
        var app = apps.Find(id) is { App: AppRecord.Chatwoot } found ? found : throw new SessionNotFoundException("App not found");
        var config = ChatwootConfig.Read(app.Config);
        var context = new ChatwootContext(app, config, clients.For(config, JobClass.Live), locales.Open(config));
        return new(context, ChatwootAdmin.Open(clients, config.Url, config.AccountToken, config.AccountId), probe, watch, CallbackAddress.Of(app, settings), time);
    }
}
