using Footbridge.Server.Apps.Chatwoot.Reconcile;
using Footbridge.Server.Config;
using Footbridge.Server.Storage;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.SystemTests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Messages that no callback told of, and messages that Chatwoot lost.</summary>
public sealed class ReconcileTests : ChatwootTest
{
    private ChatwootReconciler Reconciler => World.Product.Services.GetRequiredService<ChatwootReconciler>();

    // Passes are made by the tests, when they want one.
    private protected override void Configure(Settings settings) =>
        (settings.ReconcileInterval, settings.ReconcileGrace, settings.LateReply) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMinutes(15));

    [Fact]
    public async Task Answers_whose_callbacks_were_lost_are_sent_by_the_next_comparison_once_and_in_order()
    {
        var conversation = (await AnaWritesAsync("hello")).ConversationId;
        Chatwoot.Faults.OnWebhook = _ => WebhookFault.Lost;
        foreach (var text in new[] { "one", "two", "three" }) await Chatwoot.AgentReplyAsync(conversation, text);
        Chatwoot.Faults.OnWebhook = null;
        Assert.Equal(3, (await PassAsync()).Found);
        Assert.Equal(0, (await PassAsync()).Found);
        var answer = await Chatwoot.AgentReplyAsync(conversation, "four");
        foreach (var text in new[] { "one", "two", "three", "four" }) Assert.Equal(text, (await Ana.Incoming.ReadAsync(Ct)).Text);
        await StatusAsync(answer, "delivered");
        Assert.Equal(0, (await PassAsync()).Found);
        await CallbackOfAsync(conversation, "two"); // comes after all, far too late
        await Chatwoot.AgentReplyAsync(conversation, "five");
        Assert.Equal("five", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task The_running_product_finds_a_lost_answer_by_itself()
    {
        await RestartAsync(settings => settings.ReconcileInterval = TimeSpan.FromMilliseconds(200));
        var conversation = (await AnaWritesAsync("hello")).ConversationId;
        Chatwoot.Faults.OnWebhook = _ => WebhookFault.Lost;
        await Chatwoot.AgentReplyAsync(conversation, "lost on the way");
        Assert.Equal("lost on the way", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task An_answer_written_while_the_bridge_was_down_is_sent_and_loses_its_red_mark()
    {
        var conversation = (await AnaWritesAsync("hello")).ConversationId;
        await World.Product.DisposeAsync();
        var answer = await Chatwoot.AgentReplyAsync(conversation, "nobody home");
        await StatusAsync(answer, "failed");
        await RestartAsync(settings => settings.ReconcileInterval = TimeSpan.FromMinutes(10)); // the first pass is at the start
        Assert.Equal("nobody home", (await Ana.Incoming.ReadAsync(Ct)).Text);
        await StatusAsync(answer, "delivered");
    }

    [Fact]
    public async Task An_answer_that_is_found_too_late_becomes_a_note_and_is_sent_when_the_agent_presses_retry()
    {
        await RestartAsync(settings => settings.LateReply = TimeSpan.FromTicks(1));
        var conversation = (await AnaWritesAsync("hello")).ConversationId;
        Chatwoot.Faults.OnWebhook = _ => WebhookFault.Lost;
        var answer = await Chatwoot.AgentReplyAsync(conversation, "too late");
        Chatwoot.Faults.OnWebhook = null;
        Assert.Equal(1, (await PassAsync()).Found);
        await StatusAsync(answer, "failed");
        var note = await SaidAsync(Chatwoot.ConversationOf(Customer)!, "was not sent to WhatsApp");
        Assert.Equal((true, answer), (note.IsPrivate, note.ContentAttributes["in_reply_to"]!.GetValue<long>()));
        Assert.Equal(0, (await PassAsync()).Found);
        var account = (await CallAsync("GET", "/api/apps/app_shop/reconciliation", null, 200))!["toWhatsApp"]!;
        Assert.Equal((1, 0), (account["quarantined"]!.GetValue<int>(), account["missing"]!.GetValue<int>()));
        await Chatwoot.AgentRetryAsync(answer);
        Assert.Equal("too late", (await Ana.Incoming.ReadAsync(Ct)).Text);
        await StatusAsync(answer, "delivered");
    }

    [Fact]
    public async Task A_message_of_the_moment_is_left_to_its_callback_and_counts_as_missing_until_then()
    {
        await RestartAsync(settings => settings.ReconcileGrace = TimeSpan.FromMinutes(1));
        var conversation = (await AnaWritesAsync("hello")).ConversationId;
        Chatwoot.Faults.OnWebhook = _ => WebhookFault.Lost;
        var answer = await Chatwoot.AgentReplyAsync(conversation, "just now");
        Chatwoot.Faults.OnWebhook = null;
        var pass = await PassAsync();
        Assert.Equal((0, answer), (pass.Found, Assert.Single(pass.Unmatched).CwId));
        Assert.Equal(1, await MissingAsync());
        await CallbackOfAsync(conversation, "just now");
        Assert.Equal("just now", (await Ana.Incoming.ReadAsync(Ct)).Text);
        Assert.Equal(0, await MissingAsync());
    }

    [Fact]
    public async Task Notes_what_the_bridge_wrote_and_what_is_older_than_the_app_are_not_sent()
    {
        var (contact, _) = Chatwoot.Store.UpsertContact(3, new() { ["name"] = "Ana", ["phone_number"] = "+" + Customer });
        Chatwoot.Faults.OnWebhook = _ => WebhookFault.Lost;
        var conversation = await Chatwoot.AgentOpensAsync(contact);
        await Chatwoot.AgentReplyAsync(conversation.Id, "years ago");
        foreach (var message in Chatwoot.MessagesOf(conversation)) Chatwoot.Store.Write(() => conversation.Messages.Remove(message));
        Chatwoot.Store.AddMessage(conversation.Id, id => new() { Id = id, ConversationId = conversation.Id, Content = "years ago", Type = SimMessageType.Outgoing, CreatedAt = 1_600_000_000, IsFromAgent = true });
        await Chatwoot.AgentNoteAsync(conversation.Id, "between us");
        Shop.SendText(Customer, "from the phone");
        Assert.Equal("from the phone", (await Ana.Incoming.ReadAsync(Ct)).Text);
        await SaidAsync(conversation, "from the phone");
        Assert.Equal(0, (await PassAsync()).Found);
        await Chatwoot.AgentReplyAsync(conversation.Id, "today");
        Assert.Equal(1, (await PassAsync()).Found);
        Assert.Equal("today", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task Long_silences_of_the_webhook_in_many_conversations_are_gone_through_page_by_page()
    {
        var contacts = Enumerable.Range(0, 30).Select(i => Chatwoot.Store.UpsertContact(3, new() { ["name"] = $"P{i}", ["phone_number"] = $"+5511970000{i:D3}" }).Contact).ToList();
        var phones = contacts.Select(contact => World.WhatsApp.AddAccount(contact.PhoneNumber![1..], contact.Name)).ToList();
        Chatwoot.Faults.OnWebhook = _ => WebhookFault.Lost;
        foreach (var contact in contacts)
        {
            var conversation = await Chatwoot.AgentOpensAsync(contact);
            for (var i = 0; i < 25; i++) await Chatwoot.AgentReplyAsync(conversation.Id, $"{i}");
        }

        Assert.Equal(30 * 25, (await PassAsync()).Found);
        foreach (var phone in phones) for (var i = 0; i < 25; i++) Assert.Equal($"{i}", (await phone.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task A_message_that_chatwoot_lost_with_its_conversation_is_reported_and_the_next_one_is_filed_anew()
    {
        await AnaWritesAsync("first");
        var second = await AnaWritesAsync("second");
        await PassAsync();
        Chatwoot.Store.RemoveConversation(Chatwoot.ConversationOf(Customer)!);
        await PassAsync();
        await World.Product.Services.GetRequiredService<Settlements>().FlushAsync();
        var account = (await CallAsync("GET", "/api/apps/app_shop/reconciliation", null, 200))!["toChatwoot"]!;
        Assert.Equal(2, account["quarantined"]!.GetValue<int>());
        Assert.Contains($"was deleted in Chatwoot with message {second.Id}", account["problems"]!.ToJsonString(), StringComparison.Ordinal);
        var third = await AnaWritesAsync("third");
        Assert.NotEqual(second.ConversationId, third.ConversationId);
    }

    [Fact]
    public async Task A_chatwoot_that_refuses_is_named_in_the_report_and_nothing_counts_as_checked()
    {
        var conversation = (await AnaWritesAsync("hello")).ConversationId;
        Chatwoot.Faults.OnWebhook = _ => WebhookFault.Lost;
        await Chatwoot.AgentReplyAsync(conversation, "lost");
        Chatwoot.Faults.OnRequest = _ => new ChatwootFault.Status(503);
        Assert.Contains("503", (await PassAsync()).Error!, StringComparison.Ordinal);
        Chatwoot.Faults.OnRequest = null;
        Assert.Equal(1, (await PassAsync()).Found);
        Assert.Equal("lost", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }

    private Task<PassResult> PassAsync() => Reconciler.PassAsync("app_shop", Ct);

    private async Task<int> MissingAsync() => (await CallAsync("GET", "/api/apps/app_shop/reconciliation", null, 200))!["toWhatsApp"]!["missing"]!.GetValue<int>();

    /// <summary>The callback that was lost comes after all.</summary>
    private async Task CallbackOfAsync(long conversation, string text)
    {
        var body = Chatwoot.Webhooks.Deliveries.Last(d => d.Event == "message_created" && d.Body["content"]?.ToString() == text && d.Body["conversation"]!["id"]!.GetValue<long>() == conversation).Body;
        Assert.Equal(201, (await CallbackAsync("app_shop", body.ToJsonString())).Status);
    }

    private async Task RestartAsync(Action<Settings> change)
    {
        await World.Product.DisposeAsync();
        World.Configure = settings =>
        {
            Configure(settings);
            change(settings);
        };
        await World.StartProductAsync(Ct);
        World.PointWebhook("shop");
        await World.WaitStatusAsync("shop", "WORKING", Ct);
    }
}
