using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.ToWhatsApp;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>What the account itself sends: by the API it shows in Chatwoot, by an agent it is there already.</summary>
public sealed class OwnMessageTests : ChatwootTest
{
    [Fact]
    public async Task A_text_sent_by_the_api_shows_in_the_conversation_as_one_from_the_api()
    {
        var hello = await AnaWritesAsync("hello");
        var sent = await CallAsync("POST", "/api/sendText", new JsonObject { ["session"] = "shop", ["chatId"] = $"{Customer}@c.us", ["text"] = "by the API" }, 201);
        var shown = await ArrivedAsync(sent!["key"]!["id"]!.ToString());
        Assert.Equal((SimMessageType.Outgoing, "*📱 From the API*\n\nby the API"), (shown.Type, shown.Content));
        Assert.Contains(shown, Chatwoot.ConversationOf(Customer)!.Messages);
        Assert.Contains(hello, Chatwoot.ConversationOf(Customer)!.Messages);
    }

    [Fact]
    public async Task An_agents_answer_is_not_posted_again_when_whatsapp_takes_it()
    {
        await AnaWritesAsync("hello");
        var conversation = Chatwoot.ConversationOf(Customer)!;
        var answer = await Chatwoot.AgentReplyAsync(conversation.Id, "good day");
        await StatusAsync(answer, "delivered");
        var id = MessageCreatedJob.IdOf("app_shop", conversation.Id, answer);
        Assert.Contains(Ana.Messages, m => m.Id == id);
        // The chat's events are carried in order: when this one is there, the answer's has been looked at.
        await AnaWritesAsync("thanks");
        Assert.Single(conversation.Messages, m => m.Content?.Contains("good day", StringComparison.Ordinal) == true);
    }
}
