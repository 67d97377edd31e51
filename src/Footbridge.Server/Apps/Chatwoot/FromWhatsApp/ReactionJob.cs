using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>A reaction becomes one short entry at its message: a change replaces it, and taking it back takes it away.</summary>
internal sealed class ReactionJob(ChatwootApps apps, ChangePoster changes, QuietWindow quiet, JobErrors errors, Decisions decisions)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => TellAsync(job, EventData.Read(job.Payload), ct));

    private async Task TellAsync(JobContext job, EventData data, CancellationToken ct)
    {
        var context = await apps.OpenAsync(data.App, job.Class, ct);
        if (!context.Config.Changes.ShowsReactions)
        {
            decisions.Say(job, "reactions are not shown: footbridge.reactions is off");
            return;
        }

        var reaction = data.Event.Payload["reaction"]!;
        var target = WahaIds.RawId(reaction["messageId"]!.ToString());
        var isNote = context.Config.Changes.NotesReactions;
        var conversation = isNote ? (await changes.TargetAsync(data.App, target, ct))?.Conversation : null;
        var change = new Inbound(job, context, data.Event) { Conversation = conversation };
        var what = $"{target}:reacted:{PersonOf(change)}";
        if (await quiet.HoldsAsync(job, data, what, ct)) return;
        if (reaction["text"]?.ToString() is not { Length: > 0 } emoji)
        {
            await changes.HideAsync(change, what, ct);
            return;
        }

        await changes.ShowAsync(change, what, new(change.Words.Say(Key.WhatsAppReactionAdded, new { emoji })) { IsPrivate = isNote ? true : null, ReplyTo = target }, ct);
    }

    /// <summary>Each person has one reaction to a message.</summary>
    private static string PersonOf(Inbound change) => change.Payload["participant"]?.ToString() ?? (change.IsFromMe ? "me" : "them");
}
