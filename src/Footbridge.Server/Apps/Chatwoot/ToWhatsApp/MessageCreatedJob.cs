using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Jobs;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

/// <summary>An agent's answer becomes WhatsApp messages, each once: their ids are derived from the message in Chatwoot before the first try.</summary>
internal sealed class MessageCreatedJob(
    IJobState state, IMessageGate messages, Recipients recipients, Replies replies, EditCommand edits, ChatwootApps apps, ReadMarks reads, JobErrors errors, Decisions decisions)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => HandleAsync(job, InboxData.Read(job.Payload), ct));

    /// <summary>The WhatsApp id of the first part of an agent's message, the same at every try.</summary>
    public static string IdOf(string app, long conversation, long cwId) => AgentMessage.IdOf(app, conversation, cwId, 1);

    private async Task HandleAsync(JobContext job, InboxData data, CancellationToken ct)
    {
        if (data.Body["content_type"]?.ToString() is not (null or "text" or "input_csat"))
        {
            decisions.Say(job, $"not for WhatsApp: this kind of message ({data.Body["content_type"]}) is not sent");
            return;
        }

        var message = new AgentMessage(await apps.OpenAsync(data.App, job.Class, ct), data);
        if (EditCommand.TextIn(message.Content) is { } newText) await edits.RunAsync(job, message, newText, ct);
        else if (message.Content.Length == 0 && data.Body["attachments"] is null) decisions.Say(job, "not for WhatsApp: the message has no text");
        else await SendAsync(job, message, ct);
    }

    private async Task SendAsync(JobContext job, AgentMessage message, CancellationToken ct)
    {
        var known = (await state.ByChatwootAsync(message.App, message.Conversation, message.Id, ct)).ToDictionary(row => row.WaId, StringComparer.Ordinal);
        if (known.ContainsKey(message.DeletedMark))
        {
            decisions.Say(job, "not sent: it was deleted before");
            return;
        }

        var target = await recipients.FindAsync(message.Data, message.Conversation, ct);
        var reply = await replies.FindAsync(message, ct);
        IReadOnlyList<SendCall> parts = Reactions.Of(message, target, reply) is { } reaction ? [reaction] : MessageParts.Of(message, target, reply);
        if (parts.Count == 0)
        {
            decisions.Say(job, "not for WhatsApp: there is nothing in the message that can be sent");
            return;
        }

        await ShowTypingAsync(job, message, parts[0], target, ct);
        await MapAsync(message, parts, known, ct);
        foreach (var part in parts.Where(part => !known.TryGetValue(Reactions.MapIdOf(part), out var row) || row.Ack < (int)AckLevel.Server))
        {
            await messages.SendAsync(message.Data.Session, part, ct);
            if (parts.Count > 1) await state.MarkSentAsync(message.App, part.Id, ct);
        }

        decisions.Say(job, parts.Count == 1 ? $"sent to WhatsApp as {parts[0].Id}" : $"sent to WhatsApp as {parts[0].Id} and {parts.Count - 1} more");
        await reads.MarkAsync(message.Data.Session, message.App, message.Conversation, message.Id, target, ct);
        // Chatwoot had marked it as failed because its callback did not get through.
        if (message.Body["content_attributes"]?["external_error"] is JsonValue) await message.Context.Client.SetStatusAsync(message.Conversation, message.Id, "sent", null, ct);
    }

    /// <summary>Where the app is set so, the customer sees "typing…" for a while before a text. The job waits meanwhile, and its chat with it; it holds up no other.</summary>
    /// <exception cref="RetryAfterException">It is shown now.</exception>
    private async Task ShowTypingAsync(JobContext job, AgentMessage message, SendCall first, Jid target, CancellationToken ct)
    {
        var pause = message.Context.Config.Sending.TypingPause;
        if (pause == TimeSpan.Zero || job.Runs > 1 || first.Kind != SendKind.Text) return;
        await messages.ShowTypingAsync(message.Data.Session, target, isTyping: true, ct);
        throw new RetryAfterException(pause, "\"typing…\" is shown first");
    }

    /// <summary>The map is written first, for all parts: a receipt may come before a send returns, and what did not get out must be known.</summary>
    private async Task MapAsync(AgentMessage message, IReadOnlyList<SendCall> parts, Dictionary<string, MappedMessage> known, CancellationToken ct)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            var id = Reactions.MapIdOf(parts[i]);
            if (!known.TryGetValue(id, out var row))
            {
                var made = new MappedMessage(id, parts[i].Chat, true, message.Conversation, message.Id, 0) { Part = i + 1, Participant = parts[i].Target?.Participant };
                await state.SaveMessageAsync(message.App, made, ct);
            }
            else if (row.Ack == (int)AckLevel.Error)
            {
                await state.SetAckAsync(message.App, id, 0, ct);
            }
        }
    }
}
