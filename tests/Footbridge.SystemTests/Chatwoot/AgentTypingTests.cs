using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Config;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;
using Microsoft.AspNetCore.Http;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>What customers see before an agent's text: that somebody types, and for a link what is behind it.</summary>
public sealed class AgentTypingTests : ChatwootTest
{
    private static readonly byte[] Pdf = [.. "%PDF-1.7 "u8, .. new byte[1000]];
    private FakePhone _bia = null!;

    private protected override void Configure(Settings settings) => settings.LinkPreviewsMayBePrivate = true;

    protected override async Task PrepareAsync()
    {
        await base.PrepareAsync();
        _bia = World.WhatsApp.AddAccount("5511900000002", "Bia Example");
        Ana.People.SetOnline(true);
    }

    [Fact]
    public async Task An_agent_who_types_an_answer_is_seen_typing_and_one_who_types_a_note_is_not()
    {
        var conversation = await ConversationAsync(Ana);
        await Chatwoot.AgentTypesAsync(conversation, isTyping: true, isPrivate: true);
        // What customers type is told to Chatwoot, and comes back from there.
        await TypingAsync(conversation, "conversation_typing_on", "contact");
        await TypingAsync(conversation, "conversation_typing_off", "user");
        await Chatwoot.AgentReplyAsync(conversation.Id, "hello");
        await Ana.Incoming.ReadAsync(Ct);
        Assert.DoesNotContain(Ana.People.Heard, IsChatState);
        await Chatwoot.AgentTypesAsync(conversation, isTyping: true);
        await Chatwoot.AgentTypesAsync(conversation, isTyping: true);
        await Chatwoot.AgentTypesAsync(conversation, isTyping: false);
        await Ana.People.WaitAsync(n => n.Child("paused") is not null, Ct);
        Assert.Equal(["composing", "paused"], Ana.People.Heard.Where(IsChatState).Select(n => n.Children[0].Tag));
    }

    [Fact]
    public async Task Typing_can_be_switched_off_and_means_nothing_without_a_connection()
    {
        var conversation = await ConversationAsync(Ana);
        await ChangeAsync(new() { ["typing"] = false });
        await Chatwoot.AgentTypesAsync(conversation, isTyping: true);
        await ChangeAsync([]);
        await World.PostAsync("/api/sessions/shop/stop", [], 201, Ct);
        await Chatwoot.AgentTypesAsync(conversation, isTyping: true);
        await World.PostAsync("/api/sessions/shop/start", [], 201, Ct);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        await Chatwoot.AgentReplyAsync(conversation.Id, "hello");
        await Ana.Incoming.ReadAsync(Ct);
        Assert.DoesNotContain(Ana.People.Heard, IsChatState);
        Assert.All(Chatwoot.Webhooks.Deliveries, delivery => Assert.Null(delivery.Error));
    }

    [Fact]
    public async Task Where_the_app_is_set_so_typing_is_shown_before_a_text_and_holds_up_no_other_chat()
    {
        await ChangeAsync(new() { ["typingMs"] = 2000 });
        var (ana, bia) = (await ConversationAsync(Ana), await ConversationAsync(_bia));
        await Chatwoot.AgentReplyAsync(ana.Id, "a text");
        await Chatwoot.AgentSendsAsync(bia.Id, "a file", ("a.pdf", "application/pdf", Pdf));
        await _bia.Incoming.ReadAsync(Ct);
        Assert.False(Ana.Incoming.TryRead(out _));
        Assert.Equal("a text", (await Ana.Incoming.ReadAsync(Ct)).Text);
        Assert.Contains(Ana.People.Heard, n => n.Child("composing") is not null);
    }

    [Theory]
    [InlineData("OFF", false)]
    [InlineData("LG", true)]
    [InlineData("HG", true)]
    public async Task Links_are_shown_with_what_is_behind_them_as_the_app_says(string setting, bool isShown)
    {
        await using var files = await FileServer.StartAsync(Ct);
        files.Files["/page"] = context => Results.Content("<html><head><title>A page</title></head></html>", "text/html").ExecuteAsync(context);
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["config"]!["linkPreview"] = setting), 200);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        await Chatwoot.AgentReplyAsync((await ConversationAsync(Ana)).Id, $"see {new Uri(files.Url, "page")}");
        var shown = await Ana.Incoming.ReadAsync(Ct);
        Assert.Equal(isShown ? "A page" : null, shown.Content.ExtendedTextMessage is { HasTitle: true } text ? text.Title : null);
    }

    private static bool IsChatState(Node node) => node.Tag == "chatstate";

    private async Task<SimConversation> ConversationAsync(FakePhone phone)
    {
        await ArrivedAsync(phone.SendText(Shop.Number.User, "hello"));
        return Chatwoot.ConversationOf(phone.Number.User)!;
    }

    private async Task ChangeAsync(JsonObject own)
    {
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["config"]!["footbridge"] = own), 200);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
    }

    private async Task TypingAsync(SimConversation conversation, string name, string type)
    {
        var body = new JsonObject { ["event"] = name, ["user"] = new JsonObject { ["type"] = type }, ["conversation"] = new JsonObject { ["id"] = conversation.Id }, ["is_private"] = false };
        Assert.Equal(201, (await CallbackAsync("app_shop", body.ToJsonString())).Status);
    }
}
