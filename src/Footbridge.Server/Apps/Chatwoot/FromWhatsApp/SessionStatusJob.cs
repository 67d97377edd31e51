using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Api.Pairing;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>Tells of the session's state in the integration conversation; short reconnects stay silent.</summary>
internal sealed class SessionStatusJob(ChatwootApps apps, ChatDirectory directory, SessionRegistry sessions, JobErrors errors)
{
    private const long FlapMs = 10_000;

    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => TellAsync(EventData.Read(job.Payload), ct));

    private async Task TellAsync(EventData data, CancellationToken ct)
    {
        var status = data.Event.Payload["status"]!.ToString();
        var session = sessions.Find(data.Event.Session);
        if (await IsFlapAsync(data.Event, status, session, ct)) return;
        var context = apps.Open(data.App);
        var conversation = await directory.IntegrationAsync(context, ct);
        await context.Client.PostMessageAsync(conversation, Message(Texts.StatusChange(data.Event.Session, status), "activity"), ct);
        var text = status switch
        {
            SessionStatus.Working => Texts.Working(session?.Me?.PushName, session?.Me?.Id),
            SessionStatus.Stopped or SessionStatus.Failed => $"{Texts.SessionError}\n\n{session?.Detail ?? ""}\n\n{Texts.Reminder}",
            SessionStatus.ScanQrCode => Texts.ScanQr,
            _ => null,
        };
        if (text is not null) await context.Client.PostMessageAsync(conversation, Message(text, "incoming"), ct);
        if (status == SessionStatus.ScanQrCode && session?.Qr is { } qr) await context.Client.PostFileAsync(conversation, GetQr.Png(qr), "qr.png", "image/png", ct);
    }

    private static async Task<bool> IsFlapAsync(PublicEvent e, string status, Session? session, CancellationToken ct)
    {
        var last = (e.Payload["statuses"] as JsonArray)?.Select(s => (Status: s!["status"]!.ToString(), At: s["timestamp"]!.GetValue<long>())).ToList() ?? [];
        if (status == SessionStatus.Working && last is [.., (SessionStatus.Working, _), (SessionStatus.Starting, var left), (_, var back)]) return back - left < FlapMs;
        if (status == SessionStatus.Starting && last is [.., (SessionStatus.Working, _), _] && session is not null)
        {
            return await session.WaitAsync(now => now == SessionStatus.Working, TimeSpan.FromMilliseconds(FlapMs), ct);
        }

        return status == SessionStatus.Stopped && session?.Status != SessionStatus.Stopped;
    }

    private static JsonObject Message(string text, string type) => new() { ["content"] = text, ["message_type"] = type, ["private"] = false };
}
