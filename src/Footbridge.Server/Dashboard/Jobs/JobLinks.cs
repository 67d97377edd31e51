using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.Identity;

namespace Footbridge.Server.Dashboard.Jobs;

/// <summary>Where a job's chat is.</summary>
/// <param name="Chat">The WhatsApp address, such as 5511900000001@c.us.</param>
/// <param name="ConversationUrl">The conversation in Chatwoot.</param>
public sealed record JobPlace(string? Chat, string? ConversationUrl)
{
    public static JobPlace Unknown { get; } = new(null, null);
}

/// <summary>Finds the chat and the conversation that a job is about, out of its payload and what is known of the app.</summary>
internal sealed class JobLinks(AppRegistry apps, ChatPlaces places)
{
    public JobPlace Of(JobDetails job)
    {
        JsonObject? payload;
        try
        {
            payload = JsonNode.Parse(job.Payload.Span) as JsonObject;
        }
        catch (JsonException)
        {
            return JobPlace.Unknown;
        }

        if (payload is null || TextOf(payload, "app") is not { } app) return JobPlace.Unknown;
        var chat = payload["event"] is JsonObject ? ChatKey.Of(EventData.Read(job.Payload).Event) : null;
        var conversation = Conversation(payload) ?? (chat is null ? null : places.Find(app, chat)?.Conversation);
        return new(chat ?? (conversation is { } number ? places.OfConversation(app, number)?.Target : null), Url(app, conversation));
    }

    private static long? Conversation(JsonObject payload) =>
        NumberOf(payload, "conversation") ?? (payload["body"] is not JsonObject body ? null
            : body["conversation"] is JsonObject conversation ? NumberOf(conversation, "id")
            : TextOf(body, "event")?.StartsWith("conversation_", StringComparison.Ordinal) ?? false ? NumberOf(body, "id") : null);

    private string? Url(string app, long? conversation)
    {
        if (conversation is null || apps.Find(app) is not { App: AppRecord.Chatwoot } record) return null;
        var config = ChatwootConfig.Read(record.Config);
        return string.Create(CultureInfo.InvariantCulture, $"{config.Url}/app/accounts/{config.AccountId}/conversations/{conversation}");
    }

    private static string? TextOf(JsonObject parent, string name) => parent[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static long? NumberOf(JsonObject parent, string name) => parent[name] is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;
}
