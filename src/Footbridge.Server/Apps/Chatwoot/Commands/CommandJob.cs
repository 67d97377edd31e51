using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Api.Pairing;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Commands;

/// <summary>What an agent writes to the session itself: in the integration conversation, or anywhere with the prefix.</summary>
internal sealed class CommandJob(ChatwootApps apps, ChatDirectory directory, SessionRegistry sessions, JobErrors errors)
{
    public const string Prefix = "wa/";

    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => ExecuteAsync(InboxData.Read(job.Payload), ct));

    private async Task ExecuteAsync(InboxData data, CancellationToken ct)
    {
        var context = apps.Open(data.App);
        var line = (data.Body["content"]?.ToString() ?? "").Trim();
        if (line.StartsWith(Prefix, StringComparison.Ordinal)) line = line[Prefix.Length..];
        var command = new string([.. line.Where(c => !"*_~`".Contains(c, StringComparison.Ordinal))]).Trim();
        switch (command)
        {
            case "" or "help":
                await AnswerAsync(context, data, Texts.Help, ct);
                break;
            case "status" or "1":
                var session = sessions.Find(data.Session);
                await AnswerAsync(context, data, Texts.CurrentStatus(data.Session, session?.Status ?? SessionStatus.Stopped, session?.Me?.PushName, session?.Me?.Id), ct);
                break;
            case "restart" or "2" or "start" or "3":
                await sessions.RestartAsync(data.Session, ct);
                break;
            case "stop" or "4":
                await sessions.StopAsync(data.Session, ct);
                break;
            case "logout" or "5":
                await sessions.LogoutAsync(data.Session, ct);
                await AnswerAsync(context, data, Texts.LoggedOut, ct);
                break;
            case "qr" or "6":
                await ShowQrAsync(context, data, ct);
                break;
            default:
                await AnswerAsync(context, data, Texts.UnknownCommand(command), ct);
                break;
        }
    }

    private async Task ShowQrAsync(ChatwootContext context, InboxData data, CancellationToken ct)
    {
        if (sessions.Find(data.Session) is not { Qr: { } qr }) await AnswerAsync(context, data, "There is no QR code to scan now.", ct);
        else await context.Client.PostFileAsync(await directory.IntegrationAsync(context, ct), GetQr.Png(qr), "qr.png", "image/png", ct);
    }

    private async Task AnswerAsync(ChatwootContext context, InboxData data, string text, CancellationToken ct)
    {
        var conversation = data.Body["conversation"]!["id"]!.GetValue<long>();
        var isIntegration = conversation == await directory.IntegrationAsync(context, ct);
        var message = new JsonObject { ["content"] = text, ["message_type"] = isIntegration ? "incoming" : "outgoing", ["private"] = !isIntegration };
        await context.Client.PostMessageAsync(conversation, message, ct);
    }
}
