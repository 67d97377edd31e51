using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.Reconcile;

/// <summary>What came of the messages of one conversation.</summary>
/// <param name="CheckedUpTo">The last message that needs no further look, or null.</param>
/// <param name="Found">How many no callback had told of.</param>
/// <param name="Fresh">Those without a delivery that were written a moment ago: their callbacks may still be on the way.</param>
internal sealed record CheckedMessages(long? CheckedUpTo, int Found, IReadOnlyList<UnmatchedMessage> Fresh);

/// <summary>Takes on an agent's messages that no callback told of: sends them if they are recent, else asks the agent.</summary>
internal sealed class FoundMessages(WebhookJobs webhooks, Deliveries deliveries, MessageMap map, Ledger ledger, ErrorNotes notes, Settings settings, TimeProvider time)
{
    /// <param name="messages">In their order.</param>
    /// <param name="oldest">Unix seconds; what was written before does not count.</param>
    public async Task<CheckedMessages> TakeAsync(ChatwootContext context, JsonObject conversation, IReadOnlyList<JsonObject> messages, long oldest, CancellationToken ct)
    {
        var app = context.App;
        var (now, found, upTo) = (time.GetUtcNow(), 0, (long?)null);
        var fresh = new List<UnmatchedMessage>();
        foreach (var message in messages)
        {
            var created = DateTimeOffset.FromUnixTimeSeconds(message["created_at"]!.GetValue<long>());
            var id = message["id"]!.GetValue<long>();
            if (created.ToUnixTimeSeconds() >= oldest && Unmatched(app, conversation, message) is { } delivery)
            {
                var age = now - created;
                if (age < settings.ReconcileGrace)
                {
                    fresh.Add(new(delivery.Conversation!.Value, id, created, delivery.Job.Id));
                    continue;
                }

                found++;
                if (age > settings.LateReply) await ledger.RefuseAsync(delivery, $"Not sent: it reached the bridge {Minutes(age)} min after it was written", NoteFor(context, delivery, message, age), ct);
                else await ledger.AcceptAsync(delivery, ct);
            }

            if (fresh.Count == 0) upTo = id;
        }

        return new(upTo, found, fresh);
    }

    private Delivery? Unmatched(AppRecord app, JsonObject conversation, JsonObject message)
    {
        if (message["message_type"]?.ToString() != "1" || webhooks.DeliveryFor(app, AsCallback(conversation, message)) is not { CwId: { } cwId } delivery) return null;
        return deliveries.Find(delivery.Job.Id) is null && map.ByChatwoot(app.Id, delivery.Conversation!.Value, cwId).Count == 0 ? delivery : null;
    }

    /// <summary>The body the callback would have had, as far as jobs read it.</summary>
    private static JsonObject AsCallback(JsonObject conversation, JsonObject message)
    {
        var body = (JsonObject)message.DeepClone();
        body["event"] = "message_created";
        body["message_type"] = "outgoing";
        // What Chatwoot itself does to the text of a callback.
        if (body["content"] is JsonValue content) body["content"] = content.ToString().Replace("\\\n", "\n", StringComparison.Ordinal).TrimEnd('\n');
        body["conversation"] = new JsonObject { ["id"] = conversation["id"]?.DeepClone(), ["meta"] = conversation["meta"]?.DeepClone() };
        return body;
    }

    private Delivery NoteFor(ChatwootContext context, Delivery delivery, JsonObject message, TimeSpan age)
    {
        var late = new { minutes = Minutes(age) };
        var note = new JsonObject
        {
            ["content"] = context.Words.Say(Key.SendLate, late),
            ["message_type"] = "outgoing",
            ["private"] = true,
            ["content_attributes"] = new JsonObject { ["in_reply_to"] = message["id"]!.DeepClone() },
        };
        return notes.DeliveryOf(new(context.App.Id, "late_" + delivery.Job.Id, delivery.Conversation, note, delivery.CwId, context.Words.Say(Key.SendLateReason, late)));
    }

    private static string Minutes(TimeSpan age) => Math.Max(1, age.TotalMinutes).ToString("F0", CultureInfo.InvariantCulture);
}
