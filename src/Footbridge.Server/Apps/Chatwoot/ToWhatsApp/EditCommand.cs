using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Footbridge.Engine.Events;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

/// <summary>A reply <c>/edit new text</c> changes the message it answers. The command itself reaches nobody.</summary>
internal sealed partial class EditCommand(IJobState state, IMessageGate messages, Recipients recipients, TimeProvider time, Decisions decisions)
{
    /// <summary>How long phones take changes, from when the message was sent.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>The new text when a message is such a command (empty when it gives none), else null.</summary>
    public static string? TextIn(string content) => Form().Match(content) is { Success: true } match ? match.Groups[1].Value.Trim() : null;

    public async Task RunAsync(JobContext job, AgentMessage message, string text, CancellationToken ct)
    {
        var (key, call) = await ReadAsync(message, text, ct);
        if (call is not null) await messages.SendAsync(message.Data.Session, call, ct);
        decisions.Say(job, call is null ? $"not changed: {key}" : $"changed {call.Target!.Id} on WhatsApp");
        var note = new JsonObject
        {
            ["content"] = message.Context.Words.Say(key, new { minutes = (int)Limit.TotalMinutes }),
            ["message_type"] = "outgoing",
            ["private"] = true,
            ["content_attributes"] = new JsonObject { ["in_reply_to"] = message.Id },
        };
        await Lookback.SayOnceAsync(job.Runs > 1, message.Context, message.Conversation, "edit_" + job.Id, note, ct);
    }

    /// <summary>What is answered, and what is sent when the change can be made.</summary>
    private async Task<(string Key, SendCall? Call)> ReadAsync(AgentMessage message, string text, CancellationToken ct)
    {
        if (text.Length == 0 || message.ReplyTo is not { } cwId) return (Key.EditUsage, null);
        var parts = await state.ByChatwootAsync(message.App, message.Conversation, cwId, ct);
        if (parts.FirstOrDefault(part => part.IsFromMe && part.Ack != (int)AckLevel.Error && Replies.IsMessage(part)) is not { } original) return (Key.EditNotOurs, null);
        if (time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(original.UpdatedAtSeconds) > Limit) return (Key.EditTooLate, null);
        var target = await recipients.FindAsync(message.Data, message.Conversation, ct);
        var content = message.Context.Words.Say(Key.ToWhatsAppText, new { content = MarkdownToWhatsApp.Apply(text), chatwoot = message.Body });
        var call = new SendCall(message.IdOf(1), target.ToString(), SendKind.Edit) { Text = content, Target = new(original.WaId, true, original.Participant) };
        return (Key.EditDone, call);
    }

    [GeneratedRegex(@"^\s*(?:wa)?/edit(?:\s+([\s\S]*))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
