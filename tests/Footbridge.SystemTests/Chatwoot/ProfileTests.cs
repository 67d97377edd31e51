using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>An agent's hour with the oldest Chatwoot that is carried, the first one that signs, and the newest: what people see is the same.</summary>
public sealed class ProfileTests : ChatwootTest
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF"u8, 0, .. new byte[400]];
    private static readonly byte[] Pdf = [.. "%PDF-1.7 "u8, .. new byte[1000]];

    private SimConversation Conversation => Chatwoot.ConversationOf(Customer)!;

    protected override Task PrepareAsync() => World.LinkAsync("shop", Shop, Ct);

    [Theory]
    [InlineData("4.2.0")]
    [InlineData("4.13.0")]
    [InlineData("4.15.1")]
    public async Task An_hour_of_an_agent_is_the_same_with_every_version(string version)
    {
        Chatwoot.Store.Account.Version = version;
        await CallAsync("POST", "/api/apps", App(change: app => app["config"]!["conversations"] = new JsonObject { ["outgoing"] = "message" }), 201);
        World.PointWebhook("shop");
        await ReceiveAsync();
        await AnswerAsync();
        await FailAndRetryAsync();
        await FollowThePhoneAsync();
        Assert.Single(Chatwoot.Store.Read((contacts, _) => contacts.Values.Where(c => c.PhoneNumber == "+" + Customer).ToList()));
        Assert.False(Ana.Incoming.TryRead(out _));
    }

    private async Task ReceiveAsync()
    {
        var hello = await AnaWritesAsync("Is *this* open?");
        Assert.Equal("Is **this** open?", hello.Content);
        var picture = await ArrivedAsync(Ana.Media.SendImage(Shop.Number.User, Jpeg, "my roof"));
        Assert.Equal(("my roof", Jpeg.Length), (picture.Content, picture.Files.Single().Bytes.Length));
        Ana.React(Shop.Number.User, Ana.Messages.First(m => m.Id == hello.SourceId), "👍");
        Assert.Equal(hello.Id, (await SaidAsync(Conversation, "*Reaction* 👍")).ContentAttributes["in_reply_to"]!.GetValue<long>());
        Ana.Edit(Shop.Number.User, Ana.Messages.First(m => m.Id == hello.SourceId), "Is *that* open?", wraps: true);
        Assert.Equal(hello.Id, (await SaidAsync(Conversation, "**that**")).ContentAttributes["in_reply_to"]!.GetValue<long>());
    }

    private async Task AnswerAsync()
    {
        var hello = Conversation.Messages.First(m => m.SourceId is not null);
        var answer = await Chatwoot.AgentReplyAsync(Conversation.Id, "Until **six**\\\ntoday", hello.Id);
        var shown = await Ana.Incoming.ReadAsync(Ct);
        Assert.Equal(("Until *six*\ntoday", hello.SourceId), (shown.Text, shown.QuotedId));
        await StatusAsync(answer, "delivered");
        Ana.MarkRead(shown);
        await StatusAsync(answer, "read");
        await Chatwoot.AgentSendsAsync(Conversation.Id, "two", ("plan.pdf", "application/pdf", Pdf), ("roof.jpg", "image/jpeg", Jpeg));
        Assert.Equal("two", (await Ana.Incoming.ReadAsync(Ct)).Text);
        var document = (await Ana.Incoming.ReadAsync(Ct)).Content.DocumentMessage;
        Assert.Equal(("plan.pdf", "application/pdf"), (document.FileName, document.Mimetype));
        Assert.NotNull((await Ana.Incoming.ReadAsync(Ct)).Content.ImageMessage);
        await Chatwoot.AgentDeletesAsync(answer);
        Assert.Equal(shown.Id, (await Ana.Incoming.ReadAsync(Ct)).Content.ProtocolMessage.Key.Id);
    }

    private async Task FailAndRetryAsync()
    {
        World.WhatsApp.Rules.Refuses = (_, _) => 463;
        var refused = await Chatwoot.AgentReplyAsync(Conversation.Id, "one more thing");
        await StatusAsync(refused, "failed");
        World.WhatsApp.Rules.Refuses = null;
        await Chatwoot.AgentRetryAsync(refused);
        Assert.Equal("one more thing", (await Ana.Incoming.ReadAsync(Ct)).Text);
        await StatusAsync(refused, "delivered");
    }

    /// <summary>What the shop's phone sends is a bubble of its own, and never goes out again.</summary>
    private async Task FollowThePhoneAsync()
    {
        var own = await ArrivedAsync(Shop.SendText(Customer, "from the phone"));
        Assert.Equal((SimMessageType.Outgoing, false), (own.Type, own.IsPrivate));
        Assert.Equal("from the phone", (await Ana.Incoming.ReadAsync(Ct)).Text);
        await AnaWritesAsync("that was all");
    }
}
