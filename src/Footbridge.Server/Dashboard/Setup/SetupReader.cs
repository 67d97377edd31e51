using Footbridge.Server.Api.Pairing;
using Footbridge.Server.Apps;
using Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Dashboard.Setup;

/// <summary>A session in a list.</summary>
/// <param name="Account">The linked number, or null.</param>
public sealed record SessionLine(string Name, string Status, string? Account, string? Detail, string? AppId, IReadOnlyList<string> Broken)
{
    public bool Runs => Status is not "STOPPED";
}

/// <summary>All sessions.</summary>
public sealed record SessionsView(IReadOnlyList<SessionLine> Sessions);

/// <summary>One session while it is linked.</summary>
/// <param name="Qr">A picture as a data address, or null.</param>
/// <param name="PasskeyCode">What the phone has to show as well, or null.</param>
public sealed record SessionState(SessionLine Line, string? Qr, string? PasskeyCode);

/// <summary>An app in a list.</summary>
public sealed record AppLine(string Id, string Session, string Type, bool Enabled, string Where, IReadOnlyList<string> Broken);

/// <summary>All apps.</summary>
public sealed record AppsView(IReadOnlyList<AppLine> Apps);

/// <summary>Reads sessions and apps as the pages show them.</summary>
internal sealed class SetupReader(SessionRegistry sessions, AppRegistry apps, DriftWatch drift)
{
    public Task<SessionsView> SessionsAsync(CancellationToken ct) => Task.FromResult(new SessionsView([.. sessions.List().Select(session => Line(session.Name)).OrderBy(line => line.Name, StringComparer.Ordinal)]));

    public Task<SessionState> SessionAsync(string name, CancellationToken ct)
    {
        if (sessions.FindConfig(name) is null) throw new SessionNotFoundException();
        var live = sessions.Find(name);
        var (status, data) = live?.StatusData ?? (SessionStatus.Stopped, null);
        var qr = status == SessionStatus.ScanQrCode && live?.Qr is { } text ? "data:image/png;base64," + Convert.ToBase64String(GetQr.Png(text)) : null;
        return Task.FromResult(new SessionState(Line(name), qr, status == SessionStatus.PasskeyConfirmationRequired ? data?["code"]?.ToString() : null));
    }

    public Task<AppsView> AppsAsync(CancellationToken ct) => Task.FromResult(new AppsView([.. apps.All.Select(app => new AppLine(app.Id, app.Session, app.App, app.Enabled, WhereOf(app), BrokenOf(app.Id)))]));

    private static string WhereOf(AppRecord app) => app.App == AppRecord.Chatwoot ? $"{app.Config["url"]}, account {app.Config["accountId"]}, inbox {app.Config["inboxId"]}" : "WhatsApp calls";

    private SessionLine Line(string name)
    {
        var live = sessions.Find(name);
        var app = apps.Of(name).FirstOrDefault(one => one.App == AppRecord.Chatwoot);
        return new(name, live?.Status ?? SessionStatus.Stopped, live?.Me?.Id.Split('@')[0], live?.Detail, app?.Id, app is null ? [] : BrokenOf(app.Id));
    }

    private IReadOnlyList<string> BrokenOf(string app) => [.. (drift.LastOf(app)?.Checks ?? []).Where(check => check.State == CheckState.Failed).Select(check => check.Label)];
}
