using Footbridge.Jobs;
using Footbridge.Server.Api.Pairing;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.Commands;

/// <summary>What an agent writes to the session itself: in the integration conversation, or anywhere with the prefix.</summary>
internal sealed class CommandJob(
    ChatwootApps apps, IntegrationPlace integration, ISessionGate sessions, QueueCommand queues, ServerCommand server, PullCommands pulls, ExamineCommand examine, Settings settings, JobErrors errors, Decisions decisions)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => ExecuteAsync(job, InboxData.Read(job.Payload), ct));

    private async Task ExecuteAsync(JobContext job, InboxData data, CancellationToken ct)
    {
        var context = await apps.OpenAsync(data.App, job.Class, ct);
        var request = CommandLine.Read(data.Body["content"]?.ToString() ?? "", settings.CommandPrefix);
        var isIntegration = data.Body["conversation"]!["id"]!.GetValue<long>() == await integration.ConversationAsync(context, ct);
        var call = new CommandCall(job, context, data, request, isIntegration, settings.CommandPrefix);
        decisions.Say(job, $"command {request}");
        if (request.AsksForHelp) await call.AnswerAsync(new HelpText(context.Words, context.Config, call.Prefix).Of(request.Command), ct);
        else if (request.Problem is { } problem) await call.AnswerAsync(problem.Key, problem.Model(call.Prefix), ct);
        else await ExecuteAsync(call, ct);
    }

    private Task ExecuteAsync(CommandCall call, CancellationToken ct) => call.Request.Command switch
    {
        { Name: "queue" } => queues.RunAsync(call, ct),
        { Name: "server" } => server.RunAsync(call, ct),
        { Name: "doctor" } => examine.RunAsync(call, ct),
        { Name: "link" } => OfferLinkAsync(call, ct),
        { Name: "contacts" } => pulls.ContactsAsync(call, ct),
        { Name: "messages" } => pulls.MessagesAsync(call, ct),
        { Name: var name } => OfSessionAsync(name, call, ct),
    };

    private async Task OfSessionAsync(string name, CommandCall call, CancellationToken ct)
    {
        var (session, words) = (call.Data.Session, call.Context.Words);
        switch (name)
        {
            case "status":
                await call.AnswerAsync(words.CurrentStatus(session, await sessions.FindAsync(session, ct)), ct);
                break;
            case "restart" or "start":
                await sessions.RestartAsync(session, ct);
                break;
            case "stop":
                await sessions.StopAsync(session, ct);
                break;
            case "logout":
                await sessions.LogoutAsync(session, ct);
                await call.AnswerAsync(Key.AppLogoutSuccess, null, ct);
                break;
            case "qr":
                await ShowAsync(call, "qr.png", words.Say(Key.QrNone, new { prefix = call.Prefix }), ct);
                break;
            case "screenshot":
                // Without a browser there is nothing else to take a picture of.
                await ShowAsync(call, "screenshot.png", words.Say(Key.CommandFailed, new { command = name }), ct);
                break;
            default:
                throw new InvalidOperationException($"there is no command {name}");
        }
    }

    /// <summary>Each address ends the one before it, so a run that was cut off after it was told makes no other.</summary>
    private async Task OfferLinkAsync(CommandCall call, CancellationToken ct)
    {
        var words = call.Context.Words;
        if (await call.WasAnsweredAsync(ct)) return;
        if (await sessions.LinkAsync(call.Data.Session, ct) is { } link) await call.NoteAsync(words.Say(Key.LinkOffer, new { url = link.Url, until = words.Date(link.Expires) }), ct);
        else await call.NoteAsync(words.Say(Key.LinkAlready), ct);
    }

    /// <param name="otherwise">What is said while there is no code.</param>
    private async Task ShowAsync(CommandCall call, string file, string otherwise, CancellationToken ct)
    {
        if (await sessions.FindAsync(call.Data.Session, ct) is { Qr: { } qr }) await call.ShowAsync(GetQr.Png(qr), file, "image/png", ct);
        else await call.AnswerAsync(otherwise, ct);
    }
}
