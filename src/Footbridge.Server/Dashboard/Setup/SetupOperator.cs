using System.Text.Json.Nodes;
using Footbridge.Server.Api.Pairing;
using Footbridge.Server.Api.Sessions;
using Footbridge.Server.Apps;
using Footbridge.Server.Apps.Calls;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.Setup;
using Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Dashboard.Actions;
using Footbridge.Server.Security;
using Footbridge.Server.Security.Keys;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Dashboard.Setup;

/// <summary>Everything a person can do to sessions and apps. Each is written down with its result, refused ones too.</summary>
internal sealed class SetupOperator(
    SessionRegistry sessions, AppRegistry apps, ApiKeys keys, Onboarding onboarding, Doctor doctor, DriftWatch drift, PhoneLinks links, Settings settings, AuditLog audit)
{
    public Task<bool> CreateSessionAsync(Visitor visitor, string name, CancellationToken ct) => DoAsync(visitor, "create session", name, async () =>
    {
        await sessions.CreateAsync(name, [], ct);
        await sessions.StartAsync(name, ct);
    });

    public Task<bool> StartAsync(Visitor visitor, string name, CancellationToken ct) => DoAsync(visitor, "start session", name, () => sessions.StartAsync(name, ct));

    public Task<bool> StopAsync(Visitor visitor, string name, CancellationToken ct) => DoAsync(visitor, "stop session", name, () => sessions.StopAsync(name, ct));

    public Task<bool> RestartAsync(Visitor visitor, string name, CancellationToken ct) => DoAsync(visitor, "restart session", name, () => sessions.RestartAsync(name, ct));

    public Task<bool> LogoutAsync(Visitor visitor, string name, CancellationToken ct) => DoAsync(visitor, "log out session", name, () => sessions.LogoutAsync(name, ct));

    public Task<bool> DeleteSessionAsync(Visitor visitor, string name, CancellationToken ct) => DoAsync(visitor, "delete session", name, () => ChangeSessions.RemoveAsync(name, sessions, apps, keys, ct));

    /// <summary>The code to type on the phone.</summary>
    public Task<string?> RequestCodeAsync(Visitor visitor, string name, string number, CancellationToken ct) =>
        DoAsync<string>(visitor, "request linking code", name, async () => await RequestCode.AskAsync(await sessions.WaitStartedAsync(name, ct), number, ct));

    public Task<bool> ConfirmPasskeyAsync(Visitor visitor, string name, CancellationToken ct) => DoAsync(visitor, "confirm passkey", name, async () => await Passkeys.ConfirmForAsync(await sessions.WaitStartedAsync(name, ct), ct));

    /// <summary>An address for the person who holds the phone.</summary>
    public Task<string?> MakeLinkAsync(Visitor visitor, string name, CancellationToken ct) =>
        DoAsync<string>(visitor, "make phone link", name, async () => PhoneLinkPage.UrlOf((await links.IssueAsync(name, ct)).Token, settings));

    /// <summary>Connects by address and token; a session that is not there is made.</summary>
    public Task<SetupReport?> ConnectAsync(Visitor visitor, AppRecord draft, CancellationToken ct) => DoAsync<SetupReport>(visitor, "connect chatwoot", draft.Session, async () =>
    {
        if (sessions.FindConfig(draft.Session) is null)
        {
            await sessions.CreateAsync(draft.Session, [], ct);
            await sessions.StartAsync(draft.Session, ct);
        }

        try
        {
            return (await onboarding.ConnectAsync(draft, ct)).Report;
        }
        catch (SetupException e)
        {
            return e.Report;
        }
    });

    public Task<bool> SaveAppAsync(Visitor visitor, AppRecord app, CancellationToken ct) => DoAsync(visitor, "save app", app.Session, async () =>
    {
        if (sessions.FindConfig(app.Session) is null) throw new SessionNotFoundException();
        await apps.UpsertAsync(app, ct);
    });

    public Task<bool> DeleteAppAsync(Visitor visitor, AppRecord app, CancellationToken ct) => DoAsync(visitor, "disconnect app", app.Session, () => apps.DeleteAsync(app.Id, ct));

    public Task<DoctorReport?> ExamineAsync(Visitor visitor, AppRecord app, bool fixes, CancellationToken ct) => DoAsync<DoctorReport>(visitor, fixes ? "doctor with repairs" : "doctor", app.Session, async () =>
    {
        var report = await doctor.ExamineAsync(app.Id, fixes ? Repairs.All : Repairs.None, ct);
        drift.Keep(report);
        return report;
    });

    /// <summary>An app of which only the address and a token are known.</summary>
    /// <exception cref="InvalidRequestException">A field is missing or wrong.</exception>
    public static AppRecord Read(string session, string url, string token, string account)
    {
        var config = new JsonObject { ["url"] = url.Trim(), ["accountToken"] = token.Trim() };
        if (account.Trim().Length > 0) config["accountId"] = account.Trim();
        ChatwootConfig.Read(Onboarding.Filled(config));
        return new("", session.Trim(), AppRecord.Chatwoot, Enabled: true, config);
    }

    /// <summary>An app as the form has it, read as the API reads its own: what the form does not show stays, but a token goes to no other server.</summary>
    /// <exception cref="InvalidRequestException">A field is missing or wrong.</exception>
    /// <exception cref="FormatException">The same, of the form's own.</exception>
    public static AppRecord Read(AppRecord? former, string session, AppForm form, Locales locales) => AppRequest.Read(
        new() { ["app"] = AppRecord.Chatwoot, ["enabled"] = form.Enabled, ["config"] = form.Apply(former is null ? [] : AppSecrets.Masked(former.Config)) }, former?.Session ?? session.Trim(), former?.Id, locales, former);

    /// <summary>The app that answers calls.</summary>
    /// <exception cref="InvalidRequestException">A field is wrong.</exception>
    public static AppRecord ReadCalls(AppRecord? former, string session, bool isEnabled, CallForm direct, CallForm group)
    {
        var config = new JsonObject { ["dm"] = direct.ToJson(), ["group"] = group.ToJson() };
        CallsConfig.Read(config);
        return new(former?.Id ?? AppRequest.NewId(), session, AppRecord.Calls, isEnabled, config);
    }

    private async Task<bool> DoAsync(Visitor visitor, string action, string target, Func<Task> act) => await DoAsync<object>(visitor, action, target, async () =>
    {
        await act();
        return action;
    }) is not null;

    /// <summary>Null: who asked may only look.</summary>
    private async Task<T?> DoAsync<T>(Visitor visitor, string action, string target, Func<Task<T>> act)
        where T : class
    {
        if (!visitor.CanAct)
        {
            await audit.AppendAsync(visitor, action, target, "refused", CancellationToken.None);
            return null;
        }

        try
        {
            var result = await act();
            await audit.AppendAsync(visitor, action, target, "done", CancellationToken.None);
            return result;
        }
        catch (Exception e)
        {
            await audit.AppendAsync(visitor, action, target, $"failed: {e.Message}", CancellationToken.None);
            throw;
        }
    }
}
