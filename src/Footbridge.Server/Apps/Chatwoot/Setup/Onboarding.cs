using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Api;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Setup;

/// <summary>Connects a session with Chatwoot by its address and a token alone: finds the account, finds or makes the inbox, and sees that callbacks arrive.</summary>
/// <remarks>Every step looks first and makes only what is missing: another try goes on where the last one stopped, and doubles nothing.</remarks>
internal sealed class Onboarding(AppRegistry apps, ChatwootClients clients, InboxFinder inboxes, CallbackProbe probe, Locales locales, Settings settings) : IDisposable
{
    private static readonly string[] Found = ["accountId", "inboxId", "inboxIdentifier"];
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <summary>Whether an app's ids are to be found: what WAHA asks for is not all there.</summary>
    public static bool IsFor(JsonObject body) =>
        body["config"] is JsonObject config && config["url"] is not null && config["accountToken"] is not null && Found.Any(field => config[field] is null);

    /// <summary>A config with something in place of what is not known yet, so that the rest can be checked.</summary>
    public static JsonObject Filled(JsonObject config)
    {
        var filled = (JsonObject)config.DeepClone();
        filled["accountId"] ??= 0L;
        filled["inboxId"] ??= 0L;
        filled["inboxIdentifier"] ??= "-";
        return filled;
    }

    /// <summary>Makes or completes the session's app.</summary>
    /// <exception cref="SetupException">A step failed without which nothing works; nothing was saved here.</exception>
    public async Task<(AppRecord App, SetupReport Report)> ConnectAsync(AppRecord draft, CancellationToken ct)
    {
        // Two at once would each make an inbox.
        await _oneAtATime.WaitAsync(ct);
        try
        {
            return await RunAsync(draft, new(), ct);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<(AppRecord App, SetupReport Report)> RunAsync(AppRecord draft, SetupReport report, CancellationToken ct)
    {
        var former = apps.Of(draft.Session).FirstOrDefault(app => app.App == AppRecord.Chatwoot);
        if (former is not null && draft.Id.Length > 0 && draft.Id != former.Id) throw new RuleException($"Session '{draft.Session}' already has an app 'chatwoot': {former.Id}");
        var app = draft with { Id = former?.Id ?? (draft.Id.Length > 0 ? draft.Id : AppRequest.NewId()), Config = Merge(former, draft.Config) };
        AppSecrets.Restore(app.Config, former?.Config);
        var step = "server";
        try
        {
            var url = Body.RequiredText(app.Config, "url").TrimEnd('/');
            var token = Body.RequiredText(app.Config, "accountToken");
            await CheckServerAsync(ChatwootAdmin.Open(clients, url, token), report, ct);
            step = "token";
            var account = await AccountAsync(ChatwootAdmin.Open(clients, url, token), NumberOf(app.Config, "accountId"), report, ct);
            step = "inbox";
            var admin = ChatwootAdmin.Open(clients, url, token, account);
            app = await InboxAsync(admin, app, account, former, report, ct);
            step = "attributes";
            var made = await ChatwootSetup.DefineAttributesAsync(admin.Client, ct);
            if (made.Count == 0) report.Done(step, "the three contact attributes are there");
            else report.Changed(step, $"made or put right: {string.Join(", ", made)}");
            if (!draft.Enabled) return (await SaveAsync(app, former, report, ct), report);
            app = await SaveAsync(app, former, report, ct);
            step = "callback check";
            return (await ProbeAsync(app, admin, report, ct), report);
        }
        catch (Exception e) when (SetupTrouble.IsChatwoots(e))
        {
            var (reason, repair) = SetupTrouble.Of(e);
            throw report.Stop(step, reason, repair);
        }
    }

    /// <summary>What was not given again stays as it is, but for what has to be found anew.</summary>
    private static JsonObject Merge(AppRecord? former, JsonObject given)
    {
        var merged = (JsonObject?)former?.Config.DeepClone() ?? [];
        foreach (var field in Found) merged.Remove(field);
        foreach (var (name, value) in given) merged[name] = Combine(merged[name], value);
        return merged;
    }

    private static JsonNode? Combine(JsonNode? old, JsonNode? given)
    {
        if (old is not JsonObject kept || given is not JsonObject more) return given?.DeepClone();
        var both = (JsonObject)kept.DeepClone();
        foreach (var (name, value) in more) both[name] = value?.DeepClone();
        return both;
    }

    private static async Task CheckServerAsync(ChatwootAdmin admin, SetupReport report, CancellationToken ct)
    {
        var version = CallbackFields.Text((await admin.ServerAsync(ct))["version"]) ?? throw report.Stop("server", "what answers there is not Chatwoot", SetupTrouble.UrlRepair);
        report.Done("server", $"Chatwoot {version} answers");
    }

    private static async Task<long> AccountAsync(ChatwootAdmin admin, long? wanted, SetupReport report, CancellationToken ct)
    {
        var profile = await admin.ProfileAsync(ct);
        report.Done("token", $"it is accepted, as {profile["name"]}'s");
        var accounts = (profile["accounts"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var known = string.Join(", ", accounts.Select(a => $"{a["id"]} ({a["name"]})"));
        var chosen = wanted is { } id ? accounts.Find(a => CallbackFields.Number(a["id"]) == id) : accounts.Count == 1 ? accounts[0] : null;
        if (chosen is null)
        {
            throw wanted is not null ? report.Stop("account", $"the token's owner has no account {wanted}, only {known}", "Give one of these as accountId")
                : accounts.Count == 0 ? report.Stop("account", "the token's owner has no account", "Add the user to an account in Chatwoot, as an administrator")
                : report.Stop("account", $"the token's owner has several accounts: {known}", "Give one of these as accountId");
        }

        if (CallbackFields.Text(chosen["role"]) != "administrator") throw report.Stop("role", $"the token's owner is '{chosen["role"]}' in account {chosen["id"]}", SetupTrouble.TokenRepair);
        report.Done("account", $"{chosen["id"]} ({chosen["name"]}), as an administrator");
        return chosen["id"]!.GetValue<long>();
    }

    private async Task<AppRecord> InboxAsync(ChatwootAdmin admin, AppRecord app, long account, AppRecord? former, SetupReport report, CancellationToken ct)
    {
        var own = Body.Object(app.Config, "footbridge") ?? [];
        var name = Body.Text(own, "inboxName") is { Length: > 0 } given ? given : $"WhatsApp {app.Session}";
        var isSameServer = former is not null && ChatwootConfig.Read(former.Config) is var old && old.Url == Body.RequiredText(app.Config, "url").TrimEnd('/') && old.AccountId == account;
        var inbox = await inboxes.FindAsync(admin, app, name, NumberOf(app.Config, "inboxId"), isSameServer ? NumberOf(former!.Config, "inboxId") : null, report, ct);
        var id = inbox["id"]!.GetValue<long>();
        var callback = CallbackAddress.Of(app, settings);
        if (CallbackAddress.AreSame(InboxFinder.UrlOf(inbox), callback)) report.Done("callback address", callback);
        else
        {
            inbox = await admin.PointCallbacksAsync(id, callback, ct);
            report.Changed("callback address", callback);
        }

        if (CallbackFields.Text(inbox["secret"]) is { Length: > 0 } secret) own["webhookSecret"] = secret;
        else own.Remove("webhookSecret");
        report.Done("signature", own.ContainsKey("webhookSecret") ? "the inbox's secret is known" : "this Chatwoot signs no callbacks of this inbox; its unguessable address stands for that");
        await AddAgentsAsync(admin, id, report, ct);
        (app.Config["url"], app.Config["accountId"], app.Config["inboxId"]) = (Body.RequiredText(app.Config, "url").TrimEnd('/'), account, id);
        app.Config["inboxIdentifier"] = inbox["inbox_identifier"]?.ToString() ?? throw report.Stop("inbox", "Chatwoot does not show the inbox's identifier", SetupTrouble.TokenRepair);
        if (own.Count > 0) app.Config["footbridge"] = own;
        else app.Config.Remove("footbridge");
        return app;
    }

    /// <summary>Who is a member is a person's choice once it was made; an inbox without any is seen by administrators alone.</summary>
    private static async Task AddAgentsAsync(ChatwootAdmin admin, long inbox, SetupReport report, CancellationToken ct)
    {
        var members = await admin.MembersAsync(inbox, ct);
        if (members.Count > 0)
        {
            report.Done("agents", string.Create(CultureInfo.InvariantCulture, $"{members.Count} have access"));
            return;
        }

        var agents = (await admin.AgentsAsync(ct)).Select(agent => agent["id"]!.GetValue<long>()).ToList();
        await admin.AddMembersAsync(inbox, agents, ct);
        report.Changed("agents", string.Create(CultureInfo.InvariantCulture, $"{agents.Count} got access"));
    }

    private async Task<AppRecord> SaveAsync(AppRecord app, AppRecord? former, SetupReport report, CancellationToken ct)
    {
        var saved = await apps.UpsertAsync(app, ct);
        if (former is null) report.Changed("app", $"{app.Id} was made");
        else if (ReferenceEquals(saved, former)) report.Done("app", $"{app.Id} is as it was");
        else report.Changed("app", $"{app.Id} was changed");
        return saved;
    }

    private async Task<AppRecord> ProbeAsync(AppRecord app, ChatwootAdmin admin, SetupReport report, CancellationToken ct)
    {
        var config = ChatwootConfig.Read(app.Config);
        var result = await probe.RunAsync(new(app, config, clients.For(config, JobClass.Live), locales.Open(config)), admin, ct);
        if (!result.HasArrived)
        {
            report.Failed("callback check", $"Chatwoot's callback does not arrive: {result.Reason}", CallbackRepairs.For(result.Reason));
            return app;
        }

        report.Done("callback check", string.Create(CultureInfo.InvariantCulture, $"a callback arrived in {result.Took.TotalSeconds:0.0} s{(result.IsSigned == true && result.SignatureFault is null ? ", signed" : "")}"));
        if (result is { IsSigned: true, SignatureFault: null } && Body.Object(app.Config, "footbridge")?["webhookSignature"] is null)
        {
            // It has just been seen that what is signed fits the secret: from here on nothing else is taken.
            await apps.AmendAsync(app.Id, current =>
            {
                (current["footbridge"] as JsonObject)?.TryAdd("webhookSignature", "enforce");
                return current;
            }, ct);
            report.Changed("signatures", "only signed callbacks are taken from now on");
        }

        return apps.Find(app.Id) ?? app;
    }

    private static long? NumberOf(JsonObject config, string name) => config[name] is null ? null : Body.RequiredNumber(config, name);
}
