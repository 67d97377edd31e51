using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Jobs;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Api.Chatting;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

/// <summary>An agent's answer becomes a WhatsApp message, once: its id is derived from the message in Chatwoot before the first try.</summary>
internal sealed class MessageCreatedJob(ChatDirectory directory, MessageMap map, SessionRegistry sessions, ChatwootApps apps, ReadMarks reads, JobErrors errors, Decisions decisions)
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

        var context = apps.Open(data.App, job.Class);
        var (cwId, conversation) = (body["id"]!.GetValue<long>(), body["conversation"]!["id"]!.GetValue<long>());
        if (body["content"]?.ToString() is not { Length: > 0 } content)
        {
            decisions.Say(job, "not for WhatsApp: the message has no text");
            return;
        }

        var target = await TargetAsync(data, conversation, ct);
        var id = IdOf(data.App, conversation, cwId);
        var text = new OutgoingText(id, target, MarkdownToWhatsApp.Apply(content), Quote(data, conversation, target));
        // The map is written first: a receipt may come before the send returns.
        var mapped = map.ByWhatsApp(data.App, id);
        if (mapped is { Ack: (int)AckLevel.Error }) await map.SetAckAsync(data.App, id, 0, ct);
        if (mapped is null) await map.SaveAsync(data.App, new(id, target.ToString(), true, conversation, cwId, 0), ct);
        await SendText.SendAsync(sessions, data.Session, text, ct);
        decisions.Say(job, $"sent to WhatsApp as {id}");
        if (sessions.Find(data.Session) is { } session) await reads.MarkAsync(session, data.App, conversation, cwId, target, ct);
        // Chatwoot had marked it as failed because its callback did not get through.
        if (body["content_attributes"]?["external_error"] is JsonValue) await context.Client.SetStatusAsync(conversation, cwId, "sent", null, ct);
    }

    /// <summary>The WhatsApp id of an agent's message, the same at every try.</summary>
    public static string IdOf(string app, long conversation, long cwId) => MessageIds.Derive($"{app}/{conversation}/{cwId}/1");

    private async Task<Jid> TargetAsync(InboxData data, long conversation, CancellationToken ct)
    {
        if (directory.TargetOf(data.App, conversation) is { } known && Jid.TryParse(known, out var jid)) return jid;
        var contact = data.Body["conversation"]?["meta"]?["sender"];
        foreach (var key in new[] { ChatwootSetup.ChatIdAttribute, ChatwootSetup.JidAttribute, ChatwootSetup.LidAttribute })
        {
            if (contact?["custom_attributes"]?[key]?.ToString() is { Length: > 0 } id && WahaIds.ParseChatId(id) is { } address) return address;
        }

        if (contact?["phone_number"]?.ToString() is not { Length: > 0 } phone) throw new PermanentJobException("Chat ID not found: the contact has no WhatsApp id and no phone number");
        var session = await sessions.WaitWorkingAsync(data.Session, ct);
        var digits = new string([.. phone.Where(char.IsAsciiDigit)]);
        return (await session.FindAccountAsync(digits, ct))?.Address ?? throw new PermanentJobException("The contact's phone number is not on WhatsApp");
    }

    private QuotedMessage? Quote(InboxData data, long conversation, Jid target)
    {
        if (data.Body["content_attributes"]?["in_reply_to"] is not JsonValue value || !value.TryGetValue<long>(out var cwId)) return null;
        if (map.ByChatwoot(data.App, conversation, cwId) is not { } quoted) return null;
        var me = WahaIds.ParseChatId(sessions.Find(data.Session)?.Me?.Id ?? "");
        return new(quoted.WaId.Split(':')[0], quoted.IsFromMe && me is { } self ? self : target, null);
    }
}
