using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Api.Pairing;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>Tells of the session's state in the integration conversation; short reconnects stay silent.</summary>
internal sealed class SessionStatusJob(ChatwootApps apps, IntegrationPlace integration, ISessionGate sessions, JobErrors errors, Decisions decisions)
{
    private const long FlapMs = 10_000;

    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => TellAsync(job, EventData.Read(job.Payload), ct));

    private async Task TellAsync(JobContext job, EventData data, CancellationToken ct)
    {
        var status = data.Event.Payload["status"]!.ToString();
        var session = await sessions.FindAsync(data.Event.Session, ct);
        if (await IsFlapAsync(data.Event, status, session, ct))
        {
            decisions.Say(job, $"{status} was not told: the session is back already");
            return;
        }

        var context = await apps.OpenAsync(data.App, job.Class, ct);
        var words = context.Words;
        var conversation = await integration.ConversationAsync(context, ct);
        await SayAsync("1", words.StatusChange(data.Event.Session, status), "activity");
        var text = status switch
        {
            SessionStatus.Working => words.Working(session),
            SessionStatus.Stopped or SessionStatus.Failed => words.NotWorking(session?.Detail),
            SessionStatus.ScanQrCode => words.Say(Key.AppSessionScanQrCode),
            SessionStatus.PasskeyRequired => words.Say(Key.PasskeyRequired),
            SessionStatus.PasskeyConfirmationRequired => words.Say(Key.PasskeyCode, new { code = data.Event.Payload["data"]?["code"]?.ToString() }),
            _ => null,
        };
        if (text is not null) await SayAsync("2", text, "incoming");
        if (status == SessionStatus.ScanQrCode && session?.Qr is { } qr)
        {
            await context.Client.PostFileAsync(conversation, new() { ["message_type"] = "incoming" }, GetQr.Png(qr), "qr.png", "image/png", ct);
        }

        decisions.Say(job, $"told that the session is {status}", conversation);

        // The event's id marks what was said of it, so that a second try does not say it again.
        Task<Posted> SayAsync(string part, string content, string type) => Lookback.SayOnceAsync(
            job.Runs > 1, context, conversation, $"{data.Event.Id}:{part}", new() { ["content"] = content, ["message_type"] = type, ["private"] = false }, ct);
    }

    private async Task<bool> IsFlapAsync(PublicEvent e, string status, SessionView? session, CancellationToken ct)
    {
        var last = (e.Payload["statuses"] as JsonArray)?.Select(s => (Status: s!["status"]!.ToString(), At: s["timestamp"]!.GetValue<long>())).ToList() ?? [];
        if (status == SessionStatus.Working && last is [.., (SessionStatus.Working, _), (SessionStatus.Starting, var left), (_, var back)]) return back - left < FlapMs;
        if (status == SessionStatus.Starting && last is [.., (SessionStatus.Working, _), _] && session is not null)
        {
            return await sessions.WaitAsync(e.Session, SessionStatus.Working, TimeSpan.FromMilliseconds(FlapMs), ct);
        }

        return status == SessionStatus.Stopped && session?.Status != SessionStatus.Stopped;
    }
}
