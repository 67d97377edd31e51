using Footbridge.Engine.Events;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

/// <summary>What an agent deletes in Chatwoot goes from WhatsApp for everybody, with all its parts; a reaction is taken back.</summary>
internal sealed class MessageDeletedJob(IJobState state, IMessageGate messages, Recipients recipients, ChatwootApps apps, JobErrors errors, Decisions decisions)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => DeleteAsync(job, InboxData.Read(job.Payload), ct));

    /// <summary>What the map knows by that a message was deleted on WhatsApp first, and only then in Chatwoot.</summary>
    public static string GoneMark(string waId) => waId + ":gone";

    private async Task DeleteAsync(JobContext job, InboxData data, CancellationToken ct)
    {
        var message = new AgentMessage(await apps.OpenAsync(data.App, job.Class, ct), data);
        var rows = await RowsAsync(message, ct);
        var target = rows.Count > 0 ? (await recipients.FindAsync(data, message.Conversation, ct)).ToString() : "";
        var calls = rows.Select(row => CallFor(message, row, target)).OfType<SendCall>().ToList();
        foreach (var call in calls) await messages.SendAsync(data.Session, call, ct);
        // Its own callback may still be on the way, with the text as it was.
        if (rows.Count == 0) await state.SaveMessageAsync(message.App, new(message.DeletedMark, target, true, message.Conversation, message.Id, 0), ct);
        decisions.Say(job, calls.Count == 0 ? "nothing of the message is on WhatsApp" : $"deleted on WhatsApp ({calls.Count} of {rows.Count} parts)");
    }

    private async Task<List<MappedMessage>> RowsAsync(AgentMessage message, CancellationToken ct)
    {
        var all = await state.ByChatwootAsync(message.App, message.Conversation, message.Id, ct);
        // A message of the phone says itself what it is on WhatsApp; the map may not know it yet. What the bridge says itself has other ids.
        if (all.Count == 0 && message.Body["source_id"]?.ToString() is { Length: > 0 } id && id.All(char.IsAsciiLetterOrDigit)) return [new(id, "", true, message.Conversation, message.Id, MessageMap.NoStatus)];
        var gone = all.Select(row => row.WaId).ToHashSet(StringComparer.Ordinal);
        // What was never sent cannot be deleted, and what was deleted on the phone is gone.
        return [.. all.Where(row => row.IsFromMe && row.Ack != (int)AckLevel.Error && !gone.Contains(GoneMark(row.WaId)))];
    }

    private static SendCall? CallFor(AgentMessage message, MappedMessage row, string target)
    {
        var id = message.IdOf("delete", row.Part);
        if (Reactions.TargetOf(row) is { } about) return new(id, target, SendKind.Reaction) { Text = "", Target = about };
        return Replies.IsMessage(row) ? new(id, target, SendKind.Delete) { Target = new(row.WaId, true, row.Participant) } : null;
    }
}
