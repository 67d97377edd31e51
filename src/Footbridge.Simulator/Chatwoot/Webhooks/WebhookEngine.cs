using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.Simulator.Chatwoot.Webhooks;

/// <summary>A callback that was made.</summary>
/// <param name="Error">Null when it was answered with success.</param>
internal sealed record Delivery(string Event, JsonObject Body, string? Error);

/// <summary>Which changes call the inbox's webhook, with the state of that moment, once; a refused message callback makes its message failed.</summary>
internal sealed class WebhookEngine(SimStore store, ChatwootFaults faults, WebhookSender sender)
{
    private readonly List<Delivery> _deliveries = [];

    public IReadOnlyList<Delivery> Deliveries => store.Read((_, _) => _deliveries.ToList());

    /// <summary>Activity messages are never told.</summary>
    public async Task MessageAsync(string name, SimMessage message)
    {
        if (message.Type == SimMessageType.Activity) return;
        var (conversation, inbox) = store.Read((_, conversations) => (conversations.GetValueOrDefault(message.ConversationId), (SimInbox?)null));
        if (conversation is null) return;
        inbox = store.FindInbox(conversation.InboxId)!;
        var body = store.Read((_, _) => WebhookShapes.Message(name, message, conversation, inbox));
        if (await DeliverAsync(inbox, name, body) is not { } error) return;
        // The same error again changes nothing, and what changes nothing tells nobody: that ends the circle.
        if (message.Status == "failed" && message.ContentAttributes["external_error"]?.ToString() == error) return;
        store.Change(message, () => (message.Status, message.ContentAttributes["external_error"]) = ("failed", error));
        await MessageAsync("message_updated", message);
    }

    public async Task ConversationAsync(string name, SimConversation conversation, JsonArray? changed = null)
    {
        if (store.FindInbox(conversation.InboxId) is not { } inbox) return;
        await DeliverAsync(inbox, name, store.Read((_, _) => WebhookShapes.ConversationEvent(name, conversation, changed)));
    }

    /// <param name="who">The agent or the contact; a contact's own typing is told as well.</param>
    public async Task TypingAsync(SimConversation conversation, JsonObject who, bool isTyping, bool isPrivate)
    {
        if (store.FindInbox(conversation.InboxId) is not { } inbox) return;
        var name = isTyping ? "conversation_typing_on" : "conversation_typing_off";
        await DeliverAsync(inbox, name, store.Read((_, _) => WebhookShapes.Typing(name, who, conversation, isPrivate)));
    }

    private async Task<string?> DeliverAsync(SimInbox inbox, string name, JsonObject body)
    {
        if (inbox.WebhookUrl is not { } url) return null;
        var delivery = Guid.NewGuid().ToString();
        if (faults.BeforeWebhook is { } hold) await hold(body);
        var error = faults.OnWebhook?.Invoke(body) switch
        {
            WebhookFault.Lost => null,
            WebhookFault.Refused => $"Failed to open TCP connection to {url.Authority}",
            WebhookFault.Twice => (await Task.WhenAll(sender.SendAsync(url, inbox.Secret, body, delivery), sender.SendAsync(url, inbox.Secret, body, delivery)))[0],
            _ => await sender.SendAsync(url, inbox.Secret, body, delivery),
        };
        store.Write(() =>
        {
            _deliveries.Add(new(name, body, error));
            return true;
        });
        return error;
    }
}
