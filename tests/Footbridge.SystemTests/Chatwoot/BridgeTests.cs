using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Chatwoot;

public sealed class BridgeTests : IAsyncLifetime
{
    private const string Customer = "5511900000001";
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(90));
    private World _world = null!;
    private FakePhone _shop = null!;
    private FakePhone _ana = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync(Ct);
        _ana = _world.WhatsApp.AddAccount(Customer, "Ana Example");
        _shop = _world.WhatsApp.AddAccount("5511900000099", "Shop");
        await _world.LinkAsync("shop", _shop, Ct);
        await _world.ConnectChatwootAsync("shop", Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task A_customers_text_reaches_chatwoot_under_the_right_contact_and_the_answer_goes_back()
    {
        var waId = _ana.SendText(_shop.Number.User, "Is *this* open?");
        var message = await ArrivedAsync(waId);
        Assert.Equal("Is **this** open?", message.Content);
        var conversation = _world.Chatwoot.ConversationOf(Customer)!;
        Assert.Equal(("Ana Example", SimMessageType.Incoming), (conversation.Contact.Name, message.Type));
        Assert.Equal($"{Customer}@c.us", conversation.Contact.CustomAttributes["waha_whatsapp_chat_id"]!.ToString());
        Assert.Equal(_ana.Lid.ToString(), conversation.Contact.CustomAttributes["waha_whatsapp_lid"]!.ToString());

        var answer = await _world.Chatwoot.AgentReplyAsync(conversation.Id, "Yes, **until 6**", message.Id);
        var shown = await _ana.Incoming.ReadAsync(Ct);
        Assert.Equal(("Yes, *until 6*", waId), (shown.Text, shown.QuotedId));
        await StatusAsync(answer, "delivered");
        await _world.WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "receipt" && s.Node["type"] == "read" && s.Node["id"] == waId, Ct);
        _ana.MarkRead(shown);
        await StatusAsync(answer, "read");

        var reply = _ana.SendText(_shop.Number.User, "thanks", shown);
        var quoted = await ArrivedAsync(reply);
        Assert.Equal(answer, quoted.ContentAttributes["in_reply_to"]!.GetValue<long>());
    }

    [Fact]
    public async Task A_message_written_on_the_phone_is_a_private_note_and_goes_nowhere_else()
    {
        var waId = _shop.SendText(Customer, "from my phone");
        var note = await ArrivedAsync(waId);
        Assert.True(note.IsPrivate);
        Assert.Contains("from my phone", note.Content!, StringComparison.Ordinal);
        Assert.Equal("from my phone", (await _ana.Incoming.ReadAsync(Ct)).Text);
        var answer = await _world.Chatwoot.AgentReplyAsync(note.ConversationId, "next");
        Assert.Equal("next", (await _ana.Incoming.ReadAsync(Ct)).Text);
        await StatusAsync(answer, "delivered");
    }

    [Fact]
    public async Task An_answer_while_the_session_is_stopped_is_reported_in_the_conversation_and_the_retry_sends_it()
    {
        await ArrivedAsync(_ana.SendText(_shop.Number.User, "hello"));
        var conversation = _world.Chatwoot.ConversationOf(Customer)!;
        await _world.PostAsync("/api/sessions/shop/stop", [], 201, Ct);
        var answer = await _world.Chatwoot.AgentReplyAsync(conversation.Id, "are you there?");
        await StatusAsync(answer, "failed");
        var note = _world.Chatwoot.MessagesOf(conversation).Last(m => m.IsPrivate);
        Assert.Contains("could not be sent", note.Content!, StringComparison.Ordinal);
        Assert.Contains("/jobs/queue/chatwoot.inbox%20%7C%20message_created/job_", note.Content!, StringComparison.Ordinal);
        Assert.Equal(answer, note.ContentAttributes["in_reply_to"]!.GetValue<long>());
        await _world.PostAsync("/api/sessions/shop/start", [], 201, Ct);
        await _world.WaitStatusAsync("shop", "WORKING", Ct);
        await _world.Chatwoot.AgentRetryAsync(answer);
        Assert.Equal("are you there?", (await _ana.Incoming.ReadAsync(Ct)).Text);
        await StatusAsync(answer, "delivered");
    }

    [Fact]
    public async Task Answers_502_after_committing_double_nothing()
    {
        await ArrivedAsync(_ana.SendText(_shop.Number.User, "first"));
        var count = 0;
        _world.Chatwoot.Faults.OnRequest = request =>
            request.Method == "POST" && Interlocked.Increment(ref count) % 2 == 0 ? new ChatwootFault.StatusAfterCommit(502) : null;
        var ids = Enumerable.Range(0, 20).Select(i => _ana.SendText(_shop.Number.User, $"{i}")).ToList();
        await ArrivedAsync(ids[^1]);
        var conversation = _world.Chatwoot.ConversationOf(Customer)!;
        Assert.Equal(ids, _world.Chatwoot.MessagesOf(conversation).Where(m => m.Type == SimMessageType.Incoming).Skip(1).Select(m => m.SourceId));
    }

    [Fact]
    public async Task A_chatwoot_that_is_down_gets_everything_in_order_when_it_is_back()
    {
        await ArrivedAsync(_ana.SendText(_shop.Number.User, "first"));
        _world.Chatwoot.Faults.Down = new ChatwootFault.Status(503);
        var ids = Enumerable.Range(0, 20).Select(i => _ana.SendText(_shop.Number.User, $"{i}")).ToList();
        await _world.WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "receipt" && s.Node["id"] == ids[^1], Ct);
        _world.Chatwoot.Faults.Down = new ChatwootFault.Reset();
        _world.Chatwoot.Faults.Down = null;
        await ArrivedAsync(ids[^1]);
        var conversation = _world.Chatwoot.ConversationOf(Customer)!;
        Assert.Equal(ids, _world.Chatwoot.MessagesOf(conversation).Where(m => m.Type == SimMessageType.Incoming).Skip(1).Select(m => m.SourceId));
        Assert.DoesNotContain(_world.Chatwoot.MessagesOf(conversation), m => m.IsPrivate);
    }

    [Fact]
    public async Task Commands_answer_in_the_integration_conversation()
    {
        var integration = _world.Chatwoot.Integration!;
        await _world.Chatwoot.AgentReplyAsync(integration.Id, "status");
        await _world.Chatwoot.Store.WaitAsync(() => integration.Messages.Any(m => m.Content?.Contains("**WORKING**", StringComparison.Ordinal) ?? false), Ct);
        await _world.Chatwoot.AgentReplyAsync(integration.Id, "help");
        await _world.Chatwoot.Store.WaitAsync(() => integration.Messages.Any(m => m.Content?.Contains("**logout**", StringComparison.Ordinal) ?? false), Ct);
        await _world.Chatwoot.AgentReplyAsync(integration.Id, "logout");
        await _world.Chatwoot.Store.WaitAsync(() => integration.Messages.Any(m => m.Files.Count > 0), Ct);
        Assert.Equal("image/png", integration.Messages.First(m => m.Files.Count > 0).Files[0].ContentType);
    }

    [Fact]
    public async Task A_person_who_could_be_two_contacts_is_filed_under_neither()
    {
        _world.Chatwoot.Store.UpsertContact(3, new() { ["name"] = "By phone", ["phone_number"] = "+" + Customer });
        _world.Chatwoot.Store.UpsertContact(3, new() { ["name"] = "By id", ["identifier"] = _ana.Lid.ToString() });
        _ana.SendText(_shop.Number.User, "who am I?");
        var integration = _world.Chatwoot.Integration!;
        await _world.Chatwoot.Store.WaitAsync(() => integration.Messages.Any(m => m.IsPrivate && m.Content!.Contains("more than one contact", StringComparison.Ordinal)), Ct);
        Assert.Null(_world.Chatwoot.ConversationOf(Customer));
    }

    [Fact]
    public async Task A_wrong_token_is_refused_at_creation_and_nothing_is_saved()
    {
        await _world.PostAsync("/api/sessions", new() { ["name"] = "other", ["start"] = false }, 201, Ct);
        var config = new JsonObject
        {
            ["url"] = _world.Chatwoot.BaseUrl.ToString(),
            ["accountId"] = 1,
            ["accountToken"] = "wrong",
            ["inboxId"] = 3,
            ["inboxIdentifier"] = "simulated-inbox",
        };
        var refused = await _world.PostAsync("/api/apps", new() { ["id"] = "x", ["session"] = "other", ["app"] = "chatwoot", ["config"] = config }, 422, Ct);
        Assert.Contains("401", refused!["message"]!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", refused.ToJsonString(), StringComparison.Ordinal);
        using var missing = await _world.Api.GetAsync("/api/apps/x", Ct);
        Assert.Equal(404, (int)missing.StatusCode);
    }

    private async Task<SimMessage> ArrivedAsync(string waId)
    {
        SimMessage? found = null;
        await _world.Chatwoot.Store.WaitAsync(() => (found = _world.Chatwoot.ConversationOf(Customer)?.Messages.Find(m => m.SourceId == waId)) is not null, Ct);
        return found!;
    }

    private Task StatusAsync(long message, string status) =>
        _world.Chatwoot.Store.WaitAsync(() => _world.Chatwoot.Store.FindMessage(message)!.Status == status, Ct);
}
