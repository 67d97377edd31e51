using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;

/// <summary>Notices what somebody changed in Chatwoot, tells of it once, and puts right what nobody can have meant so.</summary>
internal sealed class DriftWatch(Doctor doctor, AppRegistry apps, IntegrationPlace integration, ChatwootClients clients, Locales locales, ILogger<DriftWatch> logger)
{
    private readonly ConcurrentDictionary<string, DoctorReport> _last = new(StringComparer.Ordinal);

    /// <summary>What the last round found, for each app there is.</summary>
    public IReadOnlyList<DoctorReport> Last => [.. _last.Values.Where(report => apps.Find(report.App) is { Enabled: true }).OrderBy(report => report.App, StringComparer.Ordinal)];

    public DoctorReport? LastOf(string app) => _last.GetValueOrDefault(app);

    /// <summary>Keeps what a whole examination found of the same things.</summary>
    public void Keep(DoctorReport report)
    {
        var drift = doctor.Checks.Where(check => check.IsDrift).Select(check => check.Name).ToHashSet();
        _last[report.App] = report with { Checks = [.. report.Checks.Where(check => drift.Contains(check.Name))] };
    }

    /// <summary>One round; says what it found in a few words.</summary>
    public async Task<string> RoundAsync(string id, CancellationToken ct)
    {
        if (apps.Find(id) is not { Enabled: true, App: AppRecord.Chatwoot } app) return "the app is gone or off";
        var before = LastOf(id)?.Checks.Where(check => check.State == CheckState.Failed).Select(check => check.Name).ToHashSet() ?? [];
        var report = await doctor.ExamineDriftAsync(id, DriftPolicy.Of(app.Config), ct);
        _last[id] = report;
        foreach (var fixedOne in report.Checks.Where(check => check.IsFixed)) logger.DriftRepaired(id, fixedOne.Name);
        var broken = report.Checks.Where(check => check.State == CheckState.Failed).ToList();
        foreach (var news in broken.Where(check => !before.Contains(check.Name)))
        {
            logger.DriftFound(id, news.Name, news.Found, news.Repair ?? "");
            await TellAsync(app, news, ct);
        }

        if (broken.Count == 0 && before.Count > 0) logger.DriftGone(id);
        return broken.Count == 0 ? "the inbox is as it should be" : $"broken: {string.Join(", ", broken.Select(check => check.Name))}";
    }

    /// <summary>A private note where the token still opens the door; else, by the inbox's own door, a message in the app's conversation.</summary>
    private async Task TellAsync(AppRecord app, CheckResult news, CancellationToken ct)
    {
        var config = ChatwootConfig.Read(app.Config);
        var context = new ChatwootContext(app, config, clients.For(config, Footbridge.Jobs.JobClass.Live), locales.Open(config));
        try
        {
            var conversation = await integration.ConversationAsync(context, ct);
            if (news.Name == "token") await context.Client.SayAsContactAsync(ChatwootSetup.IntegrationId, conversation, context.Words.Say(Key.SetupTokenRefused), ct);
            else await context.Client.PostMessageAsync(conversation, new() { ["content"] = TextOf(news, context.Words), ["message_type"] = "outgoing", ["private"] = true, ["source_id"] = $"footbridge_drift_{news.Name}" }, ct);
        }
        catch (Exception e) when (SetupTrouble.IsChatwoots(e))
        {
            logger.DriftNotTold(app.Id, news.Name, SetupTrouble.Of(e).Reason);
        }
    }

    private static string TextOf(CheckResult news, Words words) => news.Name == "callback-address"
        ? words.Say(Key.SetupCallbackChanged)
        : words.Say(Key.DoctorFailed, new JsonObject { ["check"] = news.Label, ["found"] = news.Found, ["repair"] = news.Repair });
}
