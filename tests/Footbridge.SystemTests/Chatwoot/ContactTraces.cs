using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Contacts that are there already, and what agents do with them.</summary>
internal static class ContactTraces
{
    private const string Number = "491700000001";
    private const string Other = "491700000002";

    public static IEnumerable<IdentityTrace> All =>
    [
        Found("a contact made by hand, with the number only", _ => new() { ["phone_number"] = "+" + Number }),
        Found("a contact with number and e-mail", _ => new() { ["phone_number"] = "+" + Number, ["email"] = "ana@desk.example" }),
        Found("a contact known by the number as identifier", _ => new() { ["identifier"] = $"{Number}@c.us" }),
        Found("a contact known by the hidden id as identifier", lid => new() { ["identifier"] = lid }),
        Found("a contact of WAHA's, by its jid", _ => new() { ["identifier"] = "crm-1", ["custom_attributes"] = new JsonObject { ["waha_whatsapp_jid"] = $"{Number}@c.us" } }),
        Found("a contact of WAHA's, by its hidden id", lid => new() { ["identifier"] = "crm-1", ["custom_attributes"] = new JsonObject { ["waha_whatsapp_lid"] = lid } }),
        Found("a contact of WAHA's, by its chat id", lid => new() { ["identifier"] = "crm-1", ["custom_attributes"] = new JsonObject { ["waha_whatsapp_chat_id"] = lid } }),
        new("a contact that was imported with a number of another country", 2, async t =>
        {
            var ana = t.Person(Number);
            var kept = t.ContactByPhone("Imported", Number[2..]);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.NotEqual(kept, t.ContactOf(ana));
        }),
        new("a contact of another inbox", 1, async t =>
        {
            var ana = t.Person(Number);
            var (kept, _) = t.Chatwoot.Store.UpsertContact(t.Chatwoot.Store.AddInbox("Mail").Id, new() { ["name"] = "Kept", ["phone_number"] = "+" + Number });
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal(kept, t.ContactOf(ana));
        }),
        new("two contacts, one with the number and one with the hidden id", 2, async t =>
        {
            var ana = t.Person(Number);
            var (one, two) = (t.ContactByPhone("By number", Number), t.Contact("By id", new() { ["identifier"] = ana.Lid.ToString() }));
            await t.IsQuarantinedAsync(ana, one, two);
        }),
        new("two contacts, one with the number and one with the identifier", 2, async t =>
        {
            var ana = t.Person(Number);
            var (one, two) = (t.ContactByPhone("By number", Number), t.Contact("By identifier", new() { ["identifier"] = $"{Number}@c.us" }));
            await t.IsQuarantinedAsync(ana, one, two);
        }),
        new("two contacts with the same attribute", 2, async t =>
        {
            var ana = t.Person(Number);
            JsonObject Fields(string id) => new() { ["identifier"] = id, ["custom_attributes"] = new JsonObject { ["waha_whatsapp_chat_id"] = $"{Number}@c.us" } };
            await t.IsQuarantinedAsync(ana, t.Contact("First", Fields("crm-1")), t.Contact("Second", Fields("crm-2")));
        }),
        new("two contacts that an agent merges, and then it goes on", 1, async t =>
        {
            var ana = t.Person(Number);
            var (one, two) = (t.ContactByPhone("By number", Number), t.Contact("By id", new() { ["identifier"] = ana.Lid.ToString() }));
            var waits = await t.IsQuarantinedAsync(ana, one, two);
            t.Chatwoot.Store.Merge(one, two);
            await t.IsReleasedAsync(ana, waits);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            await t.WritesAsync(ana);
            Assert.Equal(one, t.ContactOf(ana));
        }),
        new("two contacts of which one is deleted, and then it goes on", 1, async t =>
        {
            var ana = t.Person(Number);
            var (one, two) = (t.ContactByPhone("By number", Number), t.Contact("By id", new() { ["identifier"] = ana.Lid.ToString() }));
            var waits = await t.IsQuarantinedAsync(ana, one, two);
            t.Chatwoot.Store.RemoveContact(one);
            await t.IsReleasedAsync(ana, waits);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal(two, t.ContactOf(ana));
        }),
        new("merged into a contact made by hand", 1, async t =>
        {
            var ana = t.Person(Number);
            var before = await t.WritesAsync(ana);
            var kept = t.Contact("Kept", new() { ["email"] = "ana@desk.example" });
            t.Chatwoot.Store.Merge(kept, t.ContactOf(ana));
            Assert.Equal(before.ConversationId, (await t.WritesAsync(ana)).ConversationId);
            await t.AnswersAsync(ana);
            Assert.Equal(kept, t.ContactOf(ana));
        }),
        new("merged, and the number changes", 1, async t =>
        {
            var ana = t.Person(Number);
            await t.WritesAsync(ana);
            var kept = t.Contact("Kept", new() { ["email"] = "ana@desk.example" });
            t.Chatwoot.Store.Merge(kept, t.ContactOf(ana));
            ana.People.ChangeNumber(Other);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal((kept, $"{Other}@c.us"), (t.ContactOf(ana), kept.CustomAttributes["waha_whatsapp_jid"]!.ToString()));
        }),
        new("merged, and the conversation is deleted", 1, async t =>
        {
            var ana = t.Person(Number);
            var before = await t.WritesAsync(ana);
            var kept = t.Contact("Kept", new() { ["email"] = "ana@desk.example" });
            t.Chatwoot.Store.Merge(kept, t.ContactOf(ana));
            t.Chatwoot.Store.RemoveConversation(t.ConversationOf(before));
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal(kept, t.ContactOf(ana));
        }),
        new("two people whom an agent merges: each is answered who wrote last", 1, async t =>
        {
            var (ana, eva) = (t.Person(Number), t.Person(Other, "Eva Example"));
            t.AreTogether(ana, eva);
            await t.WritesAsync(ana);
            await t.WritesAsync(eva);
            t.Chatwoot.Store.Merge(t.ContactOf(ana), t.ContactOf(eva));
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            await t.WritesAsync(eva);
            await t.AnswersAsync(eva);
        }),
        new("a contact that is deleted is made again", 1, async t =>
        {
            var ana = t.Person(Number);
            await t.WritesAsync(ana);
            t.Chatwoot.Store.RemoveContact(t.ContactOf(ana));
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
        }),
        new("a contact that is deleted while another has the number by now", 1, async t =>
        {
            var ana = t.Person(Number);
            await t.WritesAsync(ana);
            t.Chatwoot.Store.RemoveContact(t.ContactOf(ana));
            var kept = t.ContactByPhone("Kept", Number);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal(kept, t.ContactOf(ana));
        }),
        new("a contact that is deleted, and the number changes", 1, async t =>
        {
            var ana = t.Person(Number);
            await t.WritesAsync(ana);
            t.Chatwoot.Store.RemoveContact(t.ContactOf(ana));
            ana.People.ChangeNumber(Other);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal("+" + Other, t.ContactOf(ana).PhoneNumber);
        }),
        new("a conversation that is deleted", 1, async t =>
        {
            var ana = t.Person(Number);
            var before = await t.WritesAsync(ana);
            t.Chatwoot.Store.RemoveConversation(t.ConversationOf(before));
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
        }),
        new("a conversation that is deleted, of a person filed under both addresses", 1, async t =>
        {
            var ana = t.Person(Number);
            ana.People.ShowOneAddress(true);
            await t.WritesByNumberAsync(ana);
            ana.People.ShowOneAddress(false);
            var before = await t.WritesAsync(ana);
            t.Chatwoot.Store.RemoveConversation(t.ConversationOf(before));
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
        }),
        new("a resolved conversation is left for a new one", 1, async t =>
        {
            var ana = t.Person(Number);
            var before = await t.WritesAsync(ana);
            await t.Chatwoot.AgentSetsStatusAsync(t.ConversationOf(before), "resolved");
            await t.AnswersAsync(ana);
            Assert.NotEqual(before.ConversationId, (await t.WritesAsync(ana)).ConversationId);
            await t.AnswersAsync(ana);
        })
        { Conversations = new() { ["sort"] = "created_newest", ["status"] = new JsonArray("open", "pending") } },
        new("a conversation that is deleted, and the number changes", 1, async t =>
        {
            var ana = t.Person(Number);
            var before = await t.WritesAsync(ana);
            t.Chatwoot.Store.RemoveConversation(t.ConversationOf(before));
            ana.People.ChangeNumber(Other);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal("+" + Other, t.ContactOf(ana).PhoneNumber);
        }),
        new("a resolved conversation, another name and another number at once", 1, async t =>
        {
            var ana = t.Person(Number);
            var before = await t.WritesAsync(ana);
            await t.Chatwoot.AgentSetsStatusAsync(t.ConversationOf(before), "resolved");
            await t.AnswersAsync(ana);
            ana.People.ChangeNumber(Other);
            ana.People.CallOneself("Queen of the Night");
            Assert.NotEqual(before.ConversationId, (await t.WritesAsync(ana)).ConversationId);
            Assert.Equal(("+" + Other, "Queen of the Night"), (t.ContactOf(ana).PhoneNumber, t.ContactOf(ana).Name));
            await t.AnswersAsync(ana);
        })
        { Conversations = new() { ["sort"] = "created_newest", ["status"] = new JsonArray("open", "pending") } },
        new("an agent gives another name, and it stays", 1, async t =>
        {
            var ana = t.Person(Number);
            await t.WritesAsync(ana);
            t.Chatwoot.Store.UpdateContact(t.ContactOf(ana), new() { ["name"] = "Mrs Example" });
            ana.People.CallOneself("Queen of the Night");
            await t.WritesAsync(ana);
            ana.People.ChangeNumber(Other);
            await t.WritesAsync(ana);
            Assert.Equal("Mrs Example", t.ContactOf(ana).Name);
        }),
        new("somebody calls herself otherwise, and no agent had named her", 1, async t =>
        {
            var ana = t.Person(Number);
            await t.WritesAsync(ana);
            ana.People.CallOneself("Queen of the Night");
            await t.WritesAsync(ana);
            Assert.Equal("Queen of the Night", t.ContactOf(ana).Name);
        }),
        new("somebody who had no name", 1, async t =>
        {
            var ana = t.Person(Number, null);
            await t.WritesAsync(ana);
            Assert.Equal("+" + Number, t.ContactOf(ana).Name);
            ana.People.CallOneself("Ana Example");
            await t.WritesAsync(ana);
            Assert.Equal("Ana Example", t.ContactOf(ana).Name);
        }),
        new("a name that is longer than Chatwoot allows", 1, async t =>
        {
            var ana = t.Person(Number, string.Concat(Enumerable.Repeat("🌟 Ana ", 60)));
            await t.WritesAsync(ana);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.True(t.ContactOf(ana).Name.Length is > 200 and <= 255);
        }),
        new("an agent writes to a number first", 1, async t =>
        {
            var ana = t.Person(Number);
            var begun = await t.BeginsAsync(t.ContactByPhone("Kept", Number), ana);
            Assert.Equal(begun.Id, (await t.WritesAsync(ana)).ConversationId);
            await t.AnswersAsync(ana);
            Assert.Equal($"{Number}@c.us", begun.Contact.CustomAttributes["waha_whatsapp_jid"]!.ToString());
        }),
        new("an agent writes first to the number of somebody who is filed already, by a second contact", 2, async t =>
        {
            var ana = t.Person(Number);
            ana.People.ShowOneAddress(true);
            await t.WritesAsync(ana);
            ana.People.ShowOneAddress(false);
            await t.BeginsAsync(t.ContactByPhone("Second", Number), ana);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
        }),
    ];

    private static IdentityTrace Found(string name, Func<string, JsonObject> fields) => new(name, 1, async t =>
    {
        var ana = t.Person(Number);
        var kept = t.Contact("Kept", fields(ana.Lid.ToString()));
        await t.WritesAsync(ana);
        await t.AnswersAsync(ana);
        await t.WritesAsync(ana);
        Assert.Equal((kept, "Kept", ana.Lid.ToString()), (t.ContactOf(ana), kept.Name, kept.CustomAttributes["waha_whatsapp_lid"]!.ToString()));
        Assert.Equal(ChatwootSimulator.InboxId, Assert.Single(kept.Links).Inbox);
    });
}
