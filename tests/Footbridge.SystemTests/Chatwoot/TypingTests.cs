using System.Text.Json.Nodes;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Agents see that a customer types.</summary>
public sealed class TypingTests : ChangeTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task That_a_customer_types_or_speaks_is_shown_and_ends_with_the_message(bool isVoice)
    {
        await ConnectAsync();
        await BeOnlineAsync();
        Ana.People.Type(Shop.Number.User, "composing", isVoice);
        await Chatwoot.Store.WaitAsync(() => Conversation.IsContactTyping, Ct);
        await AnaWritesAsync("here it is");
        await Chatwoot.Store.WaitAsync(() => !Conversation.IsContactTyping, Ct);
        Ana.People.Type(Shop.Number.User, "composing", isVoice);
        await Chatwoot.Store.WaitAsync(() => Conversation.IsContactTyping, Ct);
        Ana.People.Type(Shop.Number.User, "paused");
        await Chatwoot.Store.WaitAsync(() => !Conversation.IsContactTyping, Ct);
        Assert.Equal(4, Typings().Count);
    }

    [Fact]
    public async Task It_is_told_once_however_often_whatsapp_says_it()
    {
        await ConnectAsync();
        await BeOnlineAsync();
        for (var i = 0; i < 5; i++) Ana.People.Type(Shop.Number.User, "composing");
        await Chatwoot.Store.WaitAsync(() => Conversation.IsContactTyping, Ct);
        Ana.People.Type(Shop.Number.User, "paused");
        await Chatwoot.Store.WaitAsync(() => !Conversation.IsContactTyping, Ct);
        Assert.Equal(["on", "off"], Typings());
    }

    [Fact]
    public async Task It_does_not_wait_behind_messages_and_is_not_told_later()
    {
        await CallAsync("POST", "/api/apps", App(change: app => app["config"]!["commands"] = new JsonObject { ["server"] = true, ["queue"] = true }), 201);
        World.PointWebhook("shop");
        await BeOnlineAsync();
        await Chatwoot.AgentReplyAsync(Integration.Id, "queue stop message.any");
        await SaidAsync(Integration, "Queues on hold");
        var waits = Ana.SendText(Shop.Number.User, "held");
        Ana.People.Type(Shop.Number.User, "composing");
        await Chatwoot.Store.WaitAsync(() => Conversation.IsContactTyping, Ct);
        Assert.DoesNotContain(Chatwoot.MessagesOf(Conversation), m => m.SourceId == waits);
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        await ConnectAsync(footbridge: new() { ["typing"] = false });
        await BeOnlineAsync();
        Ana.People.Type(Shop.Number.User, "composing");
        await AnaWritesAsync("that was all");
        Assert.Empty(Typings());
    }

    /// <summary>WhatsApp tells of typing only to who shows as online.</summary>
    private async Task BeOnlineAsync()
    {
        await AnaWritesAsync("hello");
        await CallAsync("POST", "/api/shop/presence", new JsonObject { ["presence"] = "online" }, 201);
        Ana.People.Watch(Shop.Number.User);
        await Ana.People.WaitAsync(node => node.Tag == "presence" && node["type"] is null or "available", Ct);
    }

    private List<string> Typings() => [.. Chatwoot.Requests.Entries.Where(r => r.Path.EndsWith("/toggle_typing", StringComparison.Ordinal)).Select(r => r.Body!["typing_status"]!.ToString())];
}
