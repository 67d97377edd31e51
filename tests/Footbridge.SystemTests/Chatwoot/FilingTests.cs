using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.SystemTests.Api;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Under which contact and in which conversation a message is filed.</summary>
public sealed class FilingTests : ChatwootTest
{
    [Fact]
    public async Task A_new_person_gets_a_contact_with_phone_name_both_ids_and_a_source_id_of_our_own()
    {
        await AnaWritesAsync("hello");
        var contact = Chatwoot.ConversationOf(Customer)!.Contact;
        Assert.Equal(("Ana Example", "+" + Customer, null), (contact.Name, contact.PhoneNumber, contact.Identifier));
        Answers.Same($$"""{"waha_whatsapp_chat_id":"{{Customer}}@c.us","waha_whatsapp_jid":"{{Customer}}@c.us","waha_whatsapp_lid":"{{Ana.Lid}}"}""", contact.CustomAttributes);
        Assert.Equal([(ChatwootSimulator.InboxId, $"{Customer}@c.us")], contact.Links);
    }

    [Theory]
    [InlineData("phone_number")]
    [InlineData("identifier of the phone")]
    [InlineData("identifier of the lid")]
    [InlineData("waha_whatsapp_lid")]
    [InlineData("waha_whatsapp_jid")]
    [InlineData("waha_whatsapp_chat_id")]
    public async Task A_contact_known_by_any_of_a_persons_ids_is_used_keeps_its_name_and_learns_the_others(string known)
    {
        var contact = Chatwoot.Store.AddContact(known switch
        {
            "phone_number" => new() { ["name"] = "Kept", ["phone_number"] = "+" + Customer },
            "identifier of the phone" => new() { ["name"] = "Kept", ["identifier"] = $"{Customer}@c.us" },
            "identifier of the lid" => new() { ["name"] = "Kept", ["identifier"] = Ana.Lid.ToString() },
            _ => new() { ["name"] = "Kept", ["identifier"] = "crm-7", ["custom_attributes"] = new JsonObject { ["vip"] = "yes", [known] = known.EndsWith("lid", StringComparison.Ordinal) ? Ana.Lid.ToString() : $"{Customer}@c.us" } },
        });
        var message = await AnaWritesAsync("hello");
        Assert.Equal(contact.Id, Chatwoot.Store.Read((_, all) => all[message.ConversationId].Contact.Id));
        Assert.Equal(("Kept", Ana.Lid.ToString()), (contact.Name, contact.CustomAttributes["waha_whatsapp_lid"]!.ToString()));
        if (known.StartsWith("waha", StringComparison.Ordinal)) Assert.Equal("yes", contact.CustomAttributes["vip"]!.ToString());
        Assert.Single(contact.Links);
        await Chatwoot.AgentReplyAsync(message.ConversationId, "hello back");
        Assert.Equal("hello back", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task A_contact_whose_attributes_are_right_is_not_written()
    {
        Chatwoot.Store.UpsertContact(ChatwootSimulator.InboxId, new()
        {
            ["name"] = "Kept",
            ["phone_number"] = "+" + Customer,
            ["custom_attributes"] = new JsonObject { ["vip"] = "yes", ["waha_whatsapp_chat_id"] = $"{Customer}@c.us", ["waha_whatsapp_jid"] = $"{Customer}@c.us", ["waha_whatsapp_lid"] = Ana.Lid.ToString() },
        });
        await AnaWritesAsync("hello");
        Assert.DoesNotContain(Chatwoot.Requests.Entries, request => request.Method == "PUT");
    }

    [Fact]
    public async Task Attributes_that_somebody_deleted_are_made_again()
    {
        foreach (var attribute in Chatwoot.Store.Attributes()) Chatwoot.Store.RemoveAttribute(attribute!["id"]!.GetValue<long>());
        await AnaWritesAsync("hello");
        Assert.Equal(3, Chatwoot.Store.Attributes().Count);
    }

    [Fact]
    public async Task A_conversation_that_was_deleted_is_replaced_and_later_messages_need_no_look_up()
    {
        var first = await AnaWritesAsync("one");
        Chatwoot.Store.RemoveConversation(Chatwoot.ConversationOf(Customer)!);
        var second = await AnaWritesAsync("two");
        Assert.NotEqual(first.ConversationId, second.ConversationId);
        var before = Chatwoot.Requests.Entries.Count;
        await AnaWritesAsync("three");
        Assert.Equal("POST", Assert.Single(Chatwoot.Requests.Entries.Skip(before)).Method);
    }

    [Fact]
    public async Task A_conversation_that_an_agent_opens_gets_the_next_message()
    {
        var first = await AnaWritesAsync("one");
        var opened = await Chatwoot.AgentOpensAsync(Chatwoot.ConversationOf(Customer)!.Contact);
        await Chatwoot.AgentReplyAsync(opened.Id, "a new matter");
        await Ana.Incoming.ReadAsync(Ct);
        await Chatwoot.Store.WaitAsync(() => Chatwoot.Webhooks.Deliveries.Any(d => d.Event == "conversation_created" && d.Body["id"]!.GetValue<long>() == opened.Id), Ct);
        var second = await AnaWritesAsync("two");
        Assert.NotEqual(first.ConversationId, second.ConversationId);
        Assert.Equal(opened.Id, second.ConversationId);
    }

    [Theory]
    [InlineData("created_newest", 2)]
    [InlineData("created_oldest", 0)]
    [InlineData("activity_newest", 1)]
    [InlineData("activity_oldest", 2)]
    public async Task Among_several_conversations_the_setting_chooses(string sort, int chosen)
    {
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["config"]!["conversations"] = new JsonObject { ["sort"] = sort }), 200);
        var (contact, source) = Chatwoot.Store.UpsertContact(ChatwootSimulator.InboxId, new() { ["name"] = "Ana", ["phone_number"] = "+" + Customer });
        var inbox = Chatwoot.Store.FindInbox(ChatwootSimulator.InboxId)!;
        var all = Enumerable.Range(0, 3).Select(_ => Chatwoot.Store.AddConversation(contact, inbox, source).Conversation).ToList();
        var other = Chatwoot.Store.AddConversation(contact, Chatwoot.Store.AddInbox("Other"), source).Conversation;
        foreach (var (conversation, i) in all.Select((c, i) => (c, i))) (conversation.CreatedAt, conversation.LastActivityAt) = (1000 + i, 1000 + new[] { 20, 30, 10 }[i]);
        // Another inbox's conversation would win by any sort, and does not count.
        (other.CreatedAt, other.LastActivityAt) = sort.EndsWith("newest", StringComparison.Ordinal) ? (5000, 5000) : (1, 1);
        Assert.Equal(all[chosen].Id, (await AnaWritesAsync("hello")).ConversationId);
    }

    [Fact]
    public async Task With_a_filter_of_statuses_a_resolved_conversation_is_left_and_a_new_one_opened()
    {
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["config"]!["conversations"] = new JsonObject { ["sort"] = "created_newest", ["status"] = new JsonArray("open", "pending") }), 200);
        var first = await AnaWritesAsync("one");
        await Chatwoot.AgentSetsStatusAsync(Chatwoot.ConversationOf(Customer)!, "resolved");
        await ForgottenAsync();
        var second = await AnaWritesAsync("two");
        Assert.NotEqual(first.ConversationId, second.ConversationId);
        Assert.Equal("resolved", Chatwoot.Store.Read((_, all) => all[first.ConversationId].Status));
    }

    [Fact]
    public async Task Without_a_filter_a_resolved_conversation_is_opened_again_by_the_next_message()
    {
        var first = await AnaWritesAsync("one");
        await Chatwoot.AgentSetsStatusAsync(Chatwoot.ConversationOf(Customer)!, "resolved");
        var second = await AnaWritesAsync("two");
        Assert.Equal(first.ConversationId, second.ConversationId);
        await Chatwoot.Store.WaitAsync(() => Chatwoot.ConversationOf(Customer)!.Status == "open", Ct);
    }

    [Fact]
    public async Task What_the_shop_writes_on_its_phone_is_shown_as_it_was_written_even_if_it_looks_like_a_template()
    {
        var note = await ArrivedAsync(Shop.SendText(Customer, "Dear {{contact.name}}, *10 %* {% off %}"));
        Assert.Equal("*📱 From the phone*\n\nDear {{contact.name}}, **10 %** {% off %}", note.Content);
        Assert.True(note.IsPrivate);
        Assert.Equal("+" + Customer, Chatwoot.ConversationOf(Customer)!.Contact.PhoneNumber);
    }

    [Fact]
    public async Task When_the_app_wants_it_so_they_are_shown_as_sent_messages_and_do_not_go_out_again()
    {
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["config"]!["conversations"] = new JsonObject { ["outgoing"] = "message" }), 200);
        var waId = Shop.SendText(Customer, "from my phone");
        var shown = await ArrivedAsync(waId);
        Assert.Equal((SimMessageType.Outgoing, false, waId), (shown.Type, shown.IsPrivate, shown.SourceId));
        await Chatwoot.Store.WaitAsync(() => Chatwoot.Webhooks.Deliveries.Any(d => d.Body["source_id"]?.ToString() == waId), Ct);
        await Chatwoot.AgentReplyAsync(shown.ConversationId, "next");
        Assert.Equal(["from my phone", "next"], [(await Ana.Incoming.ReadAsync(Ct)).Text, (await Ana.Incoming.ReadAsync(Ct)).Text]);
    }

    /// <summary>The job that follows a change of status has run.</summary>
    private async Task ForgottenAsync()
    {
        await Chatwoot.Store.WaitAsync(() => Chatwoot.Webhooks.Deliveries.Any(d => d.Event == "conversation_status_changed"), Ct);
        // Jobs of one conversation run in order: when this answer is out, the one before it has run.
        await Chatwoot.AgentReplyAsync(Chatwoot.ConversationOf(Customer)!.Id, "closing");
        await Ana.Incoming.ReadAsync(Ct);
    }
}
