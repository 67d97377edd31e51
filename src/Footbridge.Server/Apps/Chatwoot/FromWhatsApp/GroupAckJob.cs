using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Jobs;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>An agent's message in a group is delivered when all members have it, and read when all have read it; a note beside it can count them.</summary>
internal sealed class GroupAckJob(ChatwootApps apps, IJobState state, GroupSizes sizes, ChangePoster changes, QuietWindow quiet, JobErrors errors, Decisions decisions)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => TellAsync(job, EventData.Read(job.Payload), ct));

    private async Task TellAsync(JobContext job, EventData data, CancellationToken ct)
    {
        var payload = data.Event.Payload;
        var waId = WahaIds.RawId(payload["id"]!.ToString());
        if (await state.ByWhatsAppAsync(data.App, waId, ct) is not { IsFromMe: true, Ack: not MessageMap.NoStatus } message || payload["participant"]?.ToString() is not { Length: > 0 } person || person == data.Event.Me?.Id || person == data.Event.Me?.Lid)
        {
            decisions.Say(job, "not a message of Chatwoot");
            return;
        }

        var context = await apps.OpenAsync(data.App, job.Class, ct);
        if (!context.Config.Changes.CountsReceipts)
        {
            decisions.Say(job, "members are not counted: footbridge.groupReceipts is off");
            return;
        }

        var counts = await state.AddReceiptAsync(data.App, waId, person, payload["ack"]!.GetValue<int>(), ct);
        var members = await sizes.OthersAsync(data.Event.Session, Jid.Parse(ChatKey.Of(data.Event)), ct);
        if (members is null) decisions.Say(job, "how many are in the group is not known now", message.Conversation, message.CwId);
        else await TellAsync(job, context, data, message, counts, members.Value, ct);
    }

    private async Task TellAsync(JobContext job, ChatwootContext context, EventData data, MappedMessage message, GroupReceipts counts, int members, CancellationToken ct)
    {
        var level = counts.Read >= members ? AckLevel.Read : counts.Delivered >= members ? AckLevel.Device : AckLevel.Server;
        if (!data.HasWaited && (int)level > message.Ack)
        {
            // All parts count, and a part rises like any message of one person.
            var parts = await state.ByChatwootAsync(context.App.Id, message.Conversation, message.CwId, ct);
            var now = (AckLevel)parts.Min(part => part.WaId == message.WaId ? (int)level : part.Ack);
            var status = now >= AckLevel.Read && context.Config.TellsRead ? "read" : now >= AckLevel.Device && context.Config.TellsDelivery ? "delivered" : null;
            if (status is not null) await context.Client.SetStatusAsync(message.Conversation, message.CwId, status, null, ct);
            await state.SetAckAsync(context.App.Id, message.WaId, (int)level, ct);
        }

        decisions.Say(job, $"{counts.Delivered} of {members} have it, {counts.Read} have read it", message.Conversation, message.CwId);
        if (context.Config.Changes.NotesReceipts) await NoteAsync(job, context, data, message, (counts, members), ct);
    }

    private async Task NoteAsync(JobContext job, ChatwootContext context, EventData data, MappedMessage message, (GroupReceipts Counts, int Members) seen, CancellationToken ct)
    {
        var what = $"{message.WaId}:seen";
        if (await quiet.HoldsAsync(job, data, what, ct)) return;
        var (key, count) = seen.Counts switch
        {
            { Played: > 0 } played => (Key.AckPlayedBy, played.Played),
            { Read: > 0 } read => (Key.AckReadBy, read.Read),
            _ => (Key.AckDeliveredBy, seen.Counts.Delivered),
        };
        var about = new JsonObject { ["id"] = $"{data.Event.Id}", ["fromMe"] = false };
        var change = new Inbound(job, context, data.Event with { Payload = about }) { Conversation = message.Conversation };
        await changes.ShowAsync(change, what, new(context.Words.Say(key, new { count, total = seen.Members })) { IsPrivate = true, ReplyTo = message.WaId }, ct);
    }
}
