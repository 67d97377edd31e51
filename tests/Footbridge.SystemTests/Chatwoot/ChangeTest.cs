using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>A linked shop that each test connects to the inbox as it needs it.</summary>
public abstract class ChangeTest : ChatwootTest
{
    private protected SimConversation Conversation => Chatwoot.ConversationOf(Customer)!;

    protected override Task PrepareAsync() => World.LinkAsync("shop", Shop, Ct);

    /// <param name="conversations">The app's <c>conversations</c>.</param>
    protected async Task ConnectAsync(JsonObject? footbridge = null, JsonObject? conversations = null)
    {
        await CallAsync("POST", "/api/apps", App(change: app =>
        {
            if (footbridge is not null) app["config"]!["footbridge"] = footbridge;
            if (conversations is not null) app["config"]!["conversations"] = conversations;
        }), 201);
        World.PointWebhook("shop");
    }

    /// <summary>What Ana's phone has of a message.</summary>
    private protected PhoneMessage Anas(string id) => Ana.Messages.First(m => m.Id == id);

    /// <summary>What is to be read in the conversation: nothing that was deleted.</summary>
    private protected List<SimMessage> Shown(SimConversation? conversation = null) =>
        [.. Chatwoot.MessagesOf(conversation ?? Conversation).Where(m => m.ContentAttributes["deleted"] is null && m.Type != SimMessageType.Activity)];

    /// <summary>The chat's events are carried in order: everything before this has been looked at.</summary>
    private protected Task SettledAsync() => AnaWritesAsync("that was all");
}
