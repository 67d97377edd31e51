using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Api.Pairing;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.Commands;

/// <summary>What an agent writes to the session itself: in the integration conversation, or anywhere with the prefix.</summary>
internal sealed class CommandJob(ChatwootApps apps, IntegrationPlace integration, ISessionGate sessions, QueueCommand queues, JobErrors errors, Decisions decisions)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => ExecuteAsync(job, InboxData.Read(job.Payload), ct));

    private async Task ExecuteAsync(JobContext job, InboxData data, CancellationToken ct)
    {
        var context = await apps.OpenAsync(data.App, job.Class, ct);
        var words = context.Words;
        var command = CommandLine.Read(data.Body["content"]?.ToString() ?? "");
        decisions.Say(job, $"command {command}");
        switch (command)
        {
            case "help":
                await AnswerAsync(context, data, HelpText.Of(words, context.Config.AllowsQueueCommands), ct);
                break;
            case "status":
                await AnswerAsync(context, data, words.CurrentStatus(data.Session, await sessions.FindAsync(data.Session, ct)), ct);
                break;
            case "restart" or "start":
                await sessions.RestartAsync(data.Session, ct);
                break;
            case "stop":
                await sessions.StopAsync(data.Session, ct);
                break;
            case "logout":
                await sessions.LogoutAsync(data.Session, ct);
                await AnswerAsync(context, data, words.Say(Key.AppLogoutSuccess), ct);
                break;
            case "qr":
                await ShowQrAsync(context, data, ct);
                break;
            case "queue" or ['q', 'u', 'e', 'u', 'e', ' ', ..]:
                var answer = await queues.RunAsync(command["queue".Length..].TrimStart(), context.Config.AllowsQueueCommands, words, ct);
                await (answer.IsActivity ? TellAsync(context, data, answer.Text, ct) : AnswerAsync(context, data, answer.Text, ct));
                break;
            default:
                await AnswerAsync(context, data, words.Say(Key.CommandUnknown, new { command, near = CommandLine.Nearest(command) }), ct);
                break;
        }
    }

    private async Task ShowQrAsync(ChatwootContext context, InboxData data, CancellationToken ct)
    {
        if (await sessions.FindAsync(data.Session, ct) is not { Qr: { } qr })
        {
            await AnswerAsync(context, data, context.Words.Say(Key.QrNone), ct);
            return;
        }

        var (conversation, message) = await FrameAsync(context, data, ct);
        await context.Client.PostFileAsync(conversation, message, GetQr.Png(qr), "qr.png", "image/png", ct);
    }

    private async Task AnswerAsync(ChatwootContext context, InboxData data, string text, CancellationToken ct)
    {
        var (conversation, message) = await FrameAsync(context, data, ct);
        message["content"] = text;
        await context.Client.PostMessageAsync(conversation, message, ct);
    }

    private static Task TellAsync(ChatwootContext context, InboxData data, string activity, CancellationToken ct) => context.Client.PostMessageAsync(
        data.Body["conversation"]!["id"]!.GetValue<long>(), new() { ["content"] = activity, ["message_type"] = "activity", ["private"] = false }, ct);

    /// <summary>An answer is a message in the integration conversation, and a note where a customer could read along.</summary>
    private async Task<(long Conversation, JsonObject Message)> FrameAsync(ChatwootContext context, InboxData data, CancellationToken ct)
    {
        var conversation = data.Body["conversation"]!["id"]!.GetValue<long>();
        var isIntegration = conversation == await integration.ConversationAsync(context, ct);
        return (conversation, new() { ["message_type"] = isIntegration ? "incoming" : "outgoing", ["private"] = !isIntegration });
    }
}
