using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Tasks;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Commands;

/// <summary>Begins imports, tells how far they are, and stops them.</summary>
internal sealed class PullCommands(IPullState pulls, PullSteps steps, PullWords words, IChatPlaces places, TimeProvider time)
{
    public Task ContactsAsync(CommandCall call, CancellationToken ct) => call.Request.Text(CommandTree.ContactsAction) switch
    {
        CommandTree.Pull => PullContactsAsync(call, ct),
        CommandTree.Status => TellAsync(call, ContactsPullJob.Kind, Key.CliCmdContactsStatusNotFound, row => words.Status(call.Context.Words, row, ContactProgress.Read(row.Progress)), ct),
        CommandTree.Cancel => CancelAsync(call, ContactsPullJob.Kind, ct),
        _ => HelpAsync(call, ct),
    };

    public Task MessagesAsync(CommandCall call, CancellationToken ct) => call.Request.Text(CommandTree.MessagesAction) switch
    {
        CommandTree.Pull => PullMessagesAsync(call, ct),
        CommandTree.Status => TellAsync(call, MessagesPullJob.Kind, Key.CliCmdMessagesStatusNotFound, row => words.Status(call.Context.Words, row), ct),
        CommandTree.Cancel => CancelAsync(call, MessagesPullJob.Kind, ct),
        _ => HelpAsync(call, ct),
    };

    private async Task PullContactsAsync(CommandCall call, CancellationToken ct)
    {
        var request = call.Request;
        var plan = new ContactPlan
        {
            Session = call.Data.Session,
            Tries = TriesOf(request),
            Avatar = request.Text(CommandTree.Avatar),
            UpdateNames = request.Text(CommandTree.UpdateNames)!,
            Groups = request.Has(CommandTree.ContactGroups),
            Lids = request.Has(CommandTree.Lids),
            Attributes = !request.Has(CommandTree.NoAttributes),
            Batch = request.Number(CommandTree.ContactBatch),
            ProgressEvery = request.Number(CommandTree.ContactProgress),
            DelayContact = request.Span(CommandTree.DelayContact),
            DelayBatch = request.Span(CommandTree.DelayBatch),
        };
        var row = RowOf(call, plan.Write(), new ContactProgress().Write());
        if (!await pulls.BeginAsync(call.Data.App, ContactsPullJob.Kind, row, ct)) await call.AnswerAsync(Key.CliCmdContactsPullAlreadyRunning, new { prefix = call.Prefix }, ct);
        else await steps.AcceptAsync(Queues.ContactsPull, DataOf(call, row, PullStage.Turn), plan.Tries, null, ct);
    }

    private async Task PullMessagesAsync(CommandCall call, CancellationToken ct)
    {
        if (call.Request.Has(CommandTree.Pause) && !call.Context.Config.AllowsQueueCommands)
        {
            await call.AnswerAsync(Key.CliCmdMessagesPullErrorPauseNoQueue, null, ct);
            return;
        }

        var plan = await PlanOfAsync(call, ct);
        if (plan is null)
        {
            await call.AnswerAsync(Key.CliCmdMessagesPullNoChatsFound, null, ct);
            return;
        }

        var row = RowOf(call, plan.Write(), new MessageProgress { Stage = PullStage.Plan }.Write());
        if (!await pulls.BeginAsync(call.Data.App, MessagesPullJob.Kind, row, ct))
        {
            var running = await pulls.FindAsync(call.Data.App, MessagesPullJob.Kind, ct);
            await call.AnswerAsync(Key.CliCmdMessagesPullAlreadyRunning, new { chat = (running is null ? plan : MessagePlan.Read(running.Plan)).Chat ?? "all", prefix = call.Prefix }, ct);
            return;
        }

        await steps.AcceptAsync(Queues.MessagesPull, DataOf(call, row, PullStage.Plan), plan.Tries, null, ct);
        await call.TellAsync(call.Context.Words.Say(Key.TaskMessagesDetails, new { prefix = call.Prefix }), ct);
    }

    /// <summary>Null when it is to be about the customer's chats and none is known.</summary>
    private async Task<MessagePlan?> PlanOfAsync(CommandCall call, CancellationToken ct)
    {
        var request = call.Request;
        var (far, near) = (request.Span(CommandTree.End), request.Span(CommandTree.Start));
        if (near > far) (far, near) = (near, far);
        var written = request.Text(CommandTree.Chat)!;
        var chat = written != "all" ? written : call.IsIntegration ? null : await ChatOfAsync(call, ct);
        if (chat is null && !call.IsIntegration && written == "all") return null;
        var now = time.GetUtcNow();
        return new()
        {
            Session = call.Data.Session,
            Tries = TriesOf(request),
            Window = new((now - far).ToUnixTimeSeconds(), (now - near).ToUnixTimeSeconds()),
            Period = near == TimeSpan.Zero ? Duration.Text(far) : $"{Duration.Text(far)}-{Duration.Text(near)}",
            Chat = chat,
            Kinds = KindsOf(request),
            Again = request.Has(CommandTree.Again),
            Media = request.Has(CommandTree.Media),
            MediaTimeout = request.Span(CommandTree.MediaTimeout),
            Older = request.Has(CommandTree.Older),
            DryRun = request.Has(CommandTree.DryRun),
            Pause = request.Has(CommandTree.Pause),
            Resolve = request.Has(CommandTree.Resolve),
            Batch = request.Number(CommandTree.MessageBatch),
            ProgressEvery = request.Number(CommandTree.MessageProgress),
        };
    }

    /// <summary>The chat behind a customer's conversation: where messages went through it before, else what the contact says.</summary>
    private async Task<string?> ChatOfAsync(CommandCall call, CancellationToken ct)
    {
        if (await places.OfConversationAsync(call.Data.App, call.Conversation, ct) is { } place) return place.Target;
        var attributes = CallbackFields.Child(CallbackFields.Child(CallbackFields.Child(call.Data.Body["conversation"], "meta"), "sender"), "custom_attributes") as JsonObject;
        return new[] { ChatwootSetup.JidAttribute, ChatwootSetup.ChatIdAttribute, ChatwootSetup.LidAttribute }.Select(key => CallbackFields.Text(attributes?[key])).FirstOrDefault(id => id is not null);
    }

    private async Task TellAsync(CommandCall call, string kind, string none, Func<PullRow, string> status, CancellationToken ct) =>
        await (await pulls.FindAsync(call.Data.App, kind, ct) is { } row ? call.AnswerAsync(status(row), ct) : call.AnswerAsync(none, null, ct));

    private async Task CancelAsync(CommandCall call, string kind, CancellationToken ct)
    {
        var isRunning = await pulls.FindAsync(call.Data.App, kind, ct) is { State: PullState.Running } row && await pulls.SaveAsync(call.Data.App, kind, row.Id, new(State: PullState.Cancelled), ct);
        await call.AnswerAsync(isRunning ? Key.PullCancelled : Key.PullNotRunning, null, ct);
    }

    private static Task HelpAsync(CommandCall call, CancellationToken ct) =>
        call.AnswerAsync(new HelpText(call.Context.Words, call.Context.Config, call.Prefix).Of(call.Request.Command), ct);

    private static ChatKinds KindsOf(CommandRequest request)
    {
        var kinds = request.Has(CommandTree.NoDirect) ? ChatKinds.None : ChatKinds.Direct;
        if (request.Has(CommandTree.Groups)) kinds |= ChatKinds.Groups;
        if (request.Has(CommandTree.Channels)) kinds |= ChatKinds.Channels;
        if (request.Has(CommandTree.StatusPosts)) kinds |= ChatKinds.StatusPosts;
        if (request.Has(CommandTree.Broadcast)) kinds |= ChatKinds.BroadcastLists;
        return kinds;
    }

    private static PullTries TriesOf(CommandRequest request) => new(request.Number(CommandTree.Attempts), request.Span(CommandTree.Timeout));

    private PullRow RowOf(CommandCall call, string plan, string progress) =>
        new(WahaIds.Derive("pull_", call.Job.Id), PullState.Running, plan, progress, time.GetUtcNow().ToUnixTimeSeconds());

    private static TaskData DataOf(CommandCall call, PullRow row, PullStage stage) => new(call.Data.App, call.Data.Session, row.Id, 0, stage, call.Conversation, call.IsIntegration);
}
