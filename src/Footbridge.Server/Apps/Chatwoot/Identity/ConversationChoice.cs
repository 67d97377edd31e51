using System.Text.Json.Nodes;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>Which of a contact's conversations goes on, by the app's settings; a new one when none may.</summary>
internal sealed class ConversationChoice(TimeProvider time)
{
    public async Task<long> ChooseAsync(ChatwootContext context, long contact, string sourceId, CancellationToken ct)
    {
        var candidates = (await context.Client.ConversationsOfAsync(contact, ct)).OfType<JsonObject>().Where(c => MayGoOn(context.Config, c)).ToList();
        if (candidates.Count == 0) return await context.Client.CreateConversationAsync(sourceId, ct);
        Func<JsonObject, double> when = context.Config.Sort.StartsWith("activity", StringComparison.Ordinal) ? LastActivityOf : c => NumberOf(c["created_at"]);
        var best = context.Config.Sort.EndsWith("newest", StringComparison.Ordinal) ? candidates.MaxBy(when) : candidates.MinBy(when);
        return best!["id"]!.GetValue<long>();
    }

    private bool MayGoOn(ChatwootConfig config, JsonObject conversation)
    {
        if (conversation["inbox_id"]?.GetValue<long>() != config.InboxId) return false;
        var status = conversation["status"]?.ToString() ?? "";
        if (config.Statuses is { Count: > 0 } statuses && !statuses.Contains(status, StringComparer.Ordinal)) return false;
        return status != "resolved" || config.ReopensWithin is not { } within || LastActivityOf(conversation) > (time.GetUtcNow() - within).ToUnixTimeSeconds();
    }

    private static double LastActivityOf(JsonObject conversation) => NumberOf(conversation["last_activity_at"]);

    private static double NumberOf(JsonNode? node) => node?.GetValue<double>() ?? 0;
}
