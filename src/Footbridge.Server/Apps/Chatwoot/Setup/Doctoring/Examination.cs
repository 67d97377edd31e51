using System.Text.Json.Nodes;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;

/// <summary>One app under examination: what is asked of Chatwoot is asked once and kept for all checks.</summary>
internal sealed class Examination(ChatwootContext context, ChatwootAdmin admin, CallbackProbe probe, CallbackWatch watch, string callback, TimeProvider time)
{
    private Task<(JsonObject Body, TimeSpan Took, DateTimeOffset At)>? _server;
    private Task<JsonObject>? _profile;
    private Task<JsonObject?>? _inbox;
    private Task<ProbeResult>? _probe;
    private Task<ReconciliationReport>? _report;

    public AppRecord App => context.App;

    public ChatwootConfig Config => context.Config;

    public ChatwootContext Context => context;

    public ChatwootAdmin Admin => admin;

    /// <summary>Where Chatwoot should call us.</summary>
    public string Callback => callback;

    public CallbackWatch Watch => watch;

    public TimeProvider Time => time;

    /// <summary>What the installation says of itself, how long that took, and when it was on our clock.</summary>
    public Task<(JsonObject Body, TimeSpan Took, DateTimeOffset At)> ServerAsync(CancellationToken ct) => _server ??= AskServerAsync(ct);

    public Task<JsonObject> ProfileAsync(CancellationToken ct) => _profile ??= admin.ProfileAsync(ct);

    public Task<JsonObject?> InboxAsync(CancellationToken ct) => _inbox ??= admin.InboxAsync(Config.InboxId, ct);

    public Task<ProbeResult> ProbeAsync(CancellationToken ct) => _probe ??= probe.RunAsync(context, admin, ct);

    /// <summary>What became of everything the app had to carry.</summary>
    public Task<ReconciliationReport> ReportAsync(Func<Task<ReconciliationReport>> make) => _report ??= make();

    /// <summary>The account among the token's owner's, or null.</summary>
    public async Task<JsonObject?> AccountAsync(CancellationToken ct) =>
        ((await ProfileAsync(ct))["accounts"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(account => CallbackFields.Number(account["id"]) == Config.AccountId);

    /// <summary>The version as numbers; null when it is none, as of a build from a branch.</summary>
    public async Task<Version?> VersionAsync(CancellationToken ct) =>
        Version.TryParse(CallbackFields.Text((await ServerAsync(ct)).Body["version"])?.Split('-')[0], out var version) ? version : null;

    private async Task<(JsonObject Body, TimeSpan Took, DateTimeOffset At)> AskServerAsync(CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var body = await admin.ServerAsync(ct);
        return (body, time.GetElapsedTime(began), time.GetUtcNow());
    }
}
