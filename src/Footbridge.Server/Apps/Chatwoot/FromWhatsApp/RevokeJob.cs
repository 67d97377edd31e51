using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.ToWhatsApp;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>A message that was deleted for everyone gets a note, and goes in Chatwoot too if the app wants that.</summary>
/// <remarks>It comes behind its message in the chat's lane: what is not in Chatwoot now will not come.</remarks>
internal sealed class RevokeJob(ChatwootApps apps, ChangePoster changes, IJobState state, JobErrors errors, Decisions decisions)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => TellAsync(job, EventData.Read(job.Payload), ct));

    private async Task TellAsync(JobContext job, EventData data, CancellationToken ct)
    {
        var id = WahaIds.RawId(data.Event.Payload["revokedMessageId"]!.ToString());
        if (await changes.TargetAsync(data.App, id, ct) is not { } target)
        {
            decisions.Say(job, $"{id} was deleted on WhatsApp and is not in Chatwoot");
            return;
        }

        var context = await apps.OpenAsync(data.App, job.Class, ct);
        // What is told is who deleted it, and where.
        var deletion = data.Event with { Payload = (JsonObject)data.Event.Payload["after"]!.DeepClone() };
        var change = new Inbound(job, context, deletion) { Conversation = target.Conversation };
        await changes.PostAsync(change, $"{id}:revoke", new(change.Words.Say(Key.MessageRemovedInWhatsApp)) { IsPrivate = true, ReplyTo = target.WaId }, ct);
        if (context.Config.Changes.RemovesDeleted) await RemoveAsync(context, target, ct);
    }

    private async Task RemoveAsync(ChatwootContext context, MappedMessage target, CancellationToken ct)
    {
        var app = context.App.Id;
        if (await state.ByWhatsAppAsync(app, EditJob.WhatOf(target.WaId), ct) is { } edit) await ChangePoster.DeleteAsync(context, edit, ct);
        // Of an answer that went out in several parts the others are still there.
        if ((await state.ByChatwootAsync(app, target.Conversation, target.CwId, ct)).Count != 1) return;
        // Chatwoot will tell of it, as it does when an agent deletes a message.
        await state.SaveMessageAsync(app, target with { WaId = MessageDeletedJob.GoneMark(target.WaId), Ack = MessageMap.NoStatus }, ct);
        await ChangePoster.DeleteAsync(context, target, ct);
    }
}
