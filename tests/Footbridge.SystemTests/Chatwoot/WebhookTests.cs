using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.SystemTests.Api;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Chatwoot's callbacks: which are acted on, once, and which answers they get.</summary>
public sealed class WebhookTests : ChatwootTest
{
    private const string Ok = """{"success":true}""";

    [Theory]
    [InlineData("app_shop", "")]
    [InlineData("app_shop", "{}")]
    [InlineData("app_shop", """{"event":"conversation_typing_on"}""")]
    [InlineData("app_shop", """{"event":"conversation_updated","id":1}""")]
    [InlineData("app_shop", """{"event":"message_created","message_type":"outgoing"}""")] // without ids there is nothing to do
    [InlineData("nobody", """{"event":"message_created","message_type":"incoming","id":1,"conversation":{"id":2}}""")]
    [InlineData("nobody", """{"event":"message_created","message_type":"outgoing","private":true,"id":1,"conversation":{"id":2}}""")]
    [InlineData("nobody", """{"event":"message_updated","message_type":"outgoing","content_attributes":{"external_echo":true},"id":1,"conversation":{"id":2}}""")]
    [InlineData("nobody", """{"event":"message_created","message_type":"outgoing","source_id":"WA","id":1,"conversation":{"id":2}}""")]
    public async Task What_is_not_acted_on_is_welcome_whoever_it_is_for(string app, string body)
    {
        var (status, answer) = await CallbackAsync(app, body);
        Assert.Equal(201, status);
        Answers.Same(Ok, answer);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("off")]
    public async Task A_message_for_an_app_that_is_not_there_or_disabled_is_404(string app)
    {
        await World.PostAsync("/api/sessions", new() { ["name"] = "off", ["start"] = false }, 201, Ct);
        await CallAsync("POST", "/api/apps", App("off", body => (body["id"], body["enabled"]) = ("off", false)), 201);
        var (status, answer) = await CallbackAsync(app, """{"event":"message_created","message_type":"outgoing","content":"x","id":1,"conversation":{"id":2}}""");
        Assert.Equal(404, status);
        Answers.Same("""{"statusCode":404,"message":"App not found","error":"Not Found"}""", answer);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"event":"x","event":"y"}""")]
    public async Task What_is_no_object_is_400(string body) => Assert.Equal(400, (await CallbackAsync("app_shop", body)).Status);

    [Fact]
    public async Task A_callback_that_comes_twice_sends_once()
    {
        var conversation = (await AnaWritesAsync("hello")).ConversationId;
        Chatwoot.Faults.OnWebhook = _ => WebhookFault.Twice;
        await Chatwoot.AgentReplyAsync(conversation, "one");
        await Chatwoot.AgentReplyAsync(conversation, "two");
        Assert.Equal("one", (await Ana.Incoming.ReadAsync(Ct)).Text);
        Assert.Equal("two", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task A_message_whose_callback_did_not_get_through_is_sent_when_chatwoot_marks_it_failed_and_is_well_again()
    {
        var conversation = (await AnaWritesAsync("hello")).ConversationId;
        Chatwoot.Faults.OnWebhook = body => body["event"]!.ToString() == "message_created" ? WebhookFault.Refused : null;
        var answer = await Chatwoot.AgentReplyAsync(conversation, "still here");
        Assert.Equal("still here", (await Ana.Incoming.ReadAsync(Ct)).Text);
        await StatusAsync(answer, "delivered");
    }

    [Fact]
    public async Task A_message_that_no_callback_told_of_is_sent_when_the_agent_presses_retry()
    {
        var conversation = (await AnaWritesAsync("hello")).ConversationId;
        Chatwoot.Faults.OnWebhook = _ => WebhookFault.Refused;
        var answer = await Chatwoot.AgentReplyAsync(conversation, "again");
        Assert.Equal("failed", Chatwoot.Store.FindMessage(answer)!.Status);
        Chatwoot.Faults.OnWebhook = null;
        await Chatwoot.AgentRetryAsync(answer);
        Assert.Equal("again", (await Ana.Incoming.ReadAsync(Ct)).Text);
        await StatusAsync(answer, "delivered");
    }

    [Fact]
    public async Task Notes_and_commands_do_not_reach_the_customer_and_deletions_only_as_such()
    {
        await AnaWritesAsync("hello");
        var conversation = Chatwoot.ConversationOf(Customer)!;
        await Chatwoot.AgentNoteAsync(conversation.Id, "between us");
        await Chatwoot.AgentReplyAsync(conversation.Id, "Wa/Status");
        var note = await SaidAsync(conversation, "**WORKING**");
        Assert.True(note.IsPrivate);
        await Chatwoot.AgentReplyAsync(conversation.Id, "wa/statsu");
        Assert.True((await SaidAsync(conversation, "Did you mean **wa/status**?")).IsPrivate);
        var answer = await Chatwoot.AgentReplyAsync(conversation.Id, "visible");
        Assert.Equal("visible", (await Ana.Incoming.ReadAsync(Ct)).Text);
        await StatusAsync(answer, "delivered");
        await Chatwoot.AgentDeletesAsync(answer);
        Assert.Equal(Protocol.Generated.Message.Types.ProtocolMessage.Types.Type.Revoke, (await Ana.Incoming.ReadAsync(Ct)).Content.ProtocolMessage.Type);
        await Chatwoot.AgentReplyAsync(conversation.Id, "after");
        Assert.Equal("after", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task An_answer_to_a_contact_known_only_by_phone_finds_the_account()
    {
        var bia = World.WhatsApp.AddAccount("5511900000002", "Bia Example");
        var (contact, _) = Chatwoot.Store.UpsertContact(3, new() { ["name"] = "Bia", ["phone_number"] = "+5511900000002" });
        var conversation = await Chatwoot.AgentOpensAsync(contact);
        await Chatwoot.AgentReplyAsync(conversation.Id, "We have not met");
        Assert.Equal("We have not met", (await bia.Incoming.ReadAsync(Ct)).Text);
        var (nobody, _) = Chatwoot.Store.UpsertContact(3, new() { ["name"] = "Nobody", ["phone_number"] = "+5511900000003" });
        var other = await Chatwoot.AgentOpensAsync(nobody);
        var answer = await Chatwoot.AgentReplyAsync(other.Id, "Hello?");
        await StatusAsync(answer, "failed");
        Assert.Contains("not on WhatsApp", (await SaidAsync(other, m => m.IsPrivate)).Content!, StringComparison.Ordinal);
    }
}
