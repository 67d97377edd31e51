using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Jobs;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

/// <summary>A contact has neither a chat nor a number to write to.</summary>
internal sealed class NoAddressException() : PermanentJobException("Chat ID not found: the contact has no WhatsApp id and no phone number");

/// <summary>A contact's number has no account.</summary>
internal sealed class NotOnWhatsAppException(string phone) : PermanentJobException("The contact's phone number is not on WhatsApp")
{
    public string Phone => phone;
}

/// <summary>An agent's answer becomes a WhatsApp message, once: its id is derived from the message in Chatwoot before the first try.</summary>
internal sealed class MessageCreatedJob(IChatPlaces places, IJobState state, ISessionGate sessions, IMessageGate messages, IPeopleGate people, ChatwootApps apps, ReadMarks reads, JobErrors errors, Decisions decisions)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => SendAsync(job, InboxData.Read(job.Payload), ct));

    private async Task SendAsync(JobContext job, InboxData data, CancellationToken ct)
    {
        var body = data.Body;
        if (body["content_type"]?.ToString() is not (null or "text" or "input_csat"))
        {
            decisions.Say(job, $"not for WhatsApp: this kind of message ({body["content_type"]}) is not sent");
            return;
        }

        var context = await apps.OpenAsync(data.App, job.Class, ct);
        var (cwId, conversation) = (body["id"]!.GetValue<long>(), body["conversation"]!["id"]!.GetValue<long>());
        var said = TextOf(context.Words, body);
        if (said.Length == 0)
        {
            decisions.Say(job, "not for WhatsApp: the message has no text");
            return;
        }

        var target = await TargetAsync(data, conversation, ct);
        var id = IdOf(data.App, conversation, cwId);
        var text = new OutgoingText(id, target, said, await QuoteAsync(data, conversation, target, ct));
        // The map is written first: a receipt may come before the send returns.
        var mapped = await state.ByWhatsAppAsync(data.App, id, ct);
        if (mapped is { Ack: (int)AckLevel.Error }) await state.SetAckAsync(data.App, id, 0, ct);
        if (mapped is null) await state.SaveMessageAsync(data.App, new(id, target.ToString(), true, conversation, cwId, 0), ct);
        await messages.SendTextAsync(data.Session, text, ct);
        decisions.Say(job, $"sent to WhatsApp as {id}");
        await reads.MarkAsync(data.Session, data.App, conversation, cwId, target, ct);
        // Chatwoot had marked it as failed because its callback did not get through.
        if (body["content_attributes"]?["external_error"] is JsonValue) await context.Client.SetStatusAsync(conversation, cwId, "sent", null, ct);
    }

    /// <summary>What the customer reads; nothing when the agent wrote nothing.</summary>
    private static string TextOf(Words words, JsonObject body) =>
        body["content"]?.ToString() is { Length: > 0 } content ? words.Say(Key.ToWhatsAppText, new { content = MarkdownToWhatsApp.Apply(content), chatwoot = body }) : "";

    /// <summary>The WhatsApp id of an agent's message, the same at every try.</summary>
    public static string IdOf(string app, long conversation, long cwId) => MessageIds.Derive($"{app}/{conversation}/{cwId}/1");

    private async Task<Jid> TargetAsync(InboxData data, long conversation, CancellationToken ct)
    {
        if (await places.TargetOfAsync(data.App, conversation, ct) is { } known && Jid.TryParse(known, out var jid)) return jid;
        var contact = data.Body["conversation"]?["meta"]?["sender"];
        foreach (var key in new[] { ChatwootSetup.ChatIdAttribute, ChatwootSetup.JidAttribute, ChatwootSetup.LidAttribute })
        {
            if (contact?["custom_attributes"]?[key]?.ToString() is { Length: > 0 } id && WahaIds.ParseChatId(id) is { } address) return address;
        }

        if (contact?["phone_number"]?.ToString() is not { Length: > 0 } phone) throw new NoAddressException();
        var digits = new string([.. phone.Where(char.IsAsciiDigit)]);
        return await people.FindAccountAsync(data.Session, digits, ct) ?? throw new NotOnWhatsAppException(phone);
    }

    private async Task<QuotedMessage?> QuoteAsync(InboxData data, long conversation, Jid target, CancellationToken ct)
    {
        if (data.Body["content_attributes"]?["in_reply_to"] is not JsonValue value || !value.TryGetValue<long>(out var cwId)) return null;
        if (await state.ByChatwootAsync(data.App, conversation, cwId, ct) is not [var quoted, ..]) return null;
        var me = WahaIds.ParseChatId((await sessions.FindAsync(data.Session, ct))?.Me?.Id ?? "");
        return new(quoted.WaId.Split(':')[0], quoted.IsFromMe && me is { } self ? self : target, null);
    }
}
