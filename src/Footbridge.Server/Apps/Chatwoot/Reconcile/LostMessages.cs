using System.Text.Json.Nodes;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.Reconcile;

/// <summary>The other way: what was posted and Chatwoot does not have any more (a deleted conversation, an older copy of its database) is reported.</summary>
/// <remarks>It is not posted again by itself: whoever deletes a conversation does not want it back. What is still pending is filed anew.</remarks>
internal sealed class LostMessages(Deliveries deliveries, MessageMap map, Settlements settlements, TimeProvider time)
{
    /// <summary>How far back posted messages are looked for.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(10);

    private const int MaxConversations = 20;

    /// <summary>Compares one conversation's messages behind a place with those that were posted there.</summary>
    /// <param name="messages">All of them, in their order, not empty.</param>
    public void Compare(string app, long conversation, long after, IReadOnlyList<JsonObject> messages)
    {
        var there = messages.Select(message => message["id"]!.GetValue<long>()).ToHashSet();
        foreach (var cwId in map.PostedBetween(app, conversation, after, messages[^1]["id"]!.GetValue<long>()).Where(id => !there.Contains(id)))
        {
            Report(app, cwId, $"Chatwoot has lost message {cwId} of conversation {conversation}");
        }
    }

    /// <summary>Conversations that messages were posted to and that the list did not show are asked for by themselves.</summary>
    public async Task CheckDeletedAsync(ChatwootContext context, HashSet<long> seen, CancellationToken ct)
    {
        var posted = deliveries.DeliveredSince(context.App.Id, time.GetUtcNow() - Recent);
        foreach (var conversation in posted.Where(row => !seen.Contains(row.Conversation)).GroupBy(row => row.Conversation).Take(MaxConversations))
        {
            try
            {
                await context.Client.NewestMessagesAsync(conversation.Key, ct);
            }
            catch (ChatwootException e) when (e.Status == 404)
            {
                foreach (var (_, cwId) in conversation) Report(context.App.Id, cwId, $"conversation {conversation.Key} was deleted in Chatwoot with message {cwId}");
            }
        }
    }

    private void Report(string app, long cwId, string reason)
    {
        foreach (var row in deliveries.OfMessage(app, $"{cwId}", 1).Where(row => row is { Queue: Queues.MessageAny, State: DeliveryState.Delivered }))
        {
            settlements.End(new(row.JobId, DeliveryState.Quarantined, row.Attempts, reason, null, null));
        }
    }
}
