using System.Text.Json.Nodes;
using Footbridge.Protocol.Generated;
using Footbridge.Simulator.Chatwoot;

namespace Footbridge.SystemTests.Chatwoot;

/// <param name="Contacts">How many there are at the end.</param>
internal sealed record IdentityTrace(string Name, int Contacts, Func<Trace, Task> Steps)
{
    /// <summary>The app's <c>conversations</c>.</summary>
    public JsonObject? Conversations { get; init; }
}

/// <summary>Phone numbers, hidden ids, and what becomes known of them when.</summary>
internal static class IdentityTraces
{
    private const string Number = "491700000001";
    private const string Other = "491700000002";

    public static IEnumerable<IdentityTrace> All =>
    [
        new("a new person, by both addresses", 1, async t =>
        {
            var ana = t.Person(Number);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            await t.WritesAsync(ana);
        }),
        new("by number first, by hidden id later", 1, async t =>
        {
            var ana = t.Person(Number);
            ana.People.ShowOneAddress(true);
            await t.WritesByNumberAsync(ana);
            ana.People.ShowOneAddress(false);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal(ana.Lid.ToString(), t.ContactOf(ana).CustomAttributes["waha_whatsapp_lid"]!.ToString());
        }),
        new("by hidden id first, its number is learned later", 1, async t =>
        {
            var ana = t.Person(Number);
            ana.People.ShowOneAddress(true);
            await t.WritesAsync(ana);
            Assert.Null(t.ContactOf(ana).PhoneNumber);
            ana.People.ShowOneAddress(false);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal("+" + Number, t.ContactOf(ana).PhoneNumber);
            Assert.Equal($"{Number}@c.us", t.ContactOf(ana).CustomAttributes["waha_whatsapp_jid"]!.ToString());
        }),
        new("by hidden id for ever", 1, async t =>
        {
            var ana = t.Person(Number);
            ana.People.ShowOneAddress(true);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            await t.WritesAsync(ana);
            Assert.Equal((null, ana.Lid.ToString()), (t.ContactOf(ana).PhoneNumber, t.ContactOf(ana).Identifier));
        }),
        new("by number for ever", 1, async t =>
        {
            var ana = t.Person(Number);
            ana.People.ShowOneAddress(true);
            await t.WritesByNumberAsync(ana);
            await t.AnswersAsync(ana);
            await t.WritesByNumberAsync(ana);
        }),
        new("by number and by hidden id in turn", 1, async t =>
        {
            var ana = t.Person(Number);
            for (var i = 0; i < 3; i++)
            {
                await t.WritesAsync(ana);
                await t.WritesByNumberAsync(ana);
            }

            await t.AnswersAsync(ana);
        }),
        new("by hidden id, known to be a number that already has a contact of our own", 1, async t =>
        {
            var ana = t.Person(Number);
            ana.People.ShowOneAddress(true);
            await t.WritesByNumberAsync(ana);
            ana.People.ShowOneAddress(false);
            await t.WritesByNumberAsync(ana);
            ana.People.ShowOneAddress(true);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
        }),
        new("a click on an ad, with a hidden number that shows later", 1, async t =>
        {
            var ana = t.Person(Number);
            ana.People.ShowOneAddress(true);
            var ad = new ContextInfo.Types.ExternalAdReplyInfo { Title = "Spring sale", Body = "All half", SourceUrl = "https://fb.example/1", SourceId = "77" };
            await t.WritesAsync(ana, new() { ExtendedTextMessage = new() { Text = "is it on?", ContextInfo = new() { ExternalAdReply = ad } } });
            await t.AnswersAsync(ana);
            ana.People.ShowOneAddress(false);
            await t.WritesAsync(ana);
            Assert.Equal("+" + Number, t.ContactOf(ana).PhoneNumber);
        }),
        new("in a group first, then alone", 2, async t =>
        {
            var ana = t.Person(Number);
            var group = t.Shop.Groups.Create("Buyers", Number);
            var inGroup = await t.ArrivedAsync(ana.Groups.SendText(group, "in the group"));
            await t.WritesAsync(ana);
            Assert.NotEqual(t.ContactOf(inGroup), t.ContactOf(ana));
            await t.AnswersAsync(ana);
        }),
        new("alone first, then in a group", 2, async t =>
        {
            var ana = t.Person(Number);
            await t.WritesAsync(ana);
            var group = t.Shop.Groups.Create("Buyers", Number);
            var inGroup = await t.ArrivedAsync(ana.Groups.SendText(group, "in the group"));
            Assert.NotEqual(t.ContactOf(inGroup), t.ContactOf(ana));
            await t.AnswersAsync(ana);
        }),
        new("the shop writes first, on its phone", 1, async t =>
        {
            var ana = t.Person(Number);
            await t.ShopWritesAsync(ana);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal("Ana Example", t.ContactOf(ana).Name);
        }),
        new("two people with one name", 2, async t =>
        {
            var (ana, eva) = (t.Person(Number, "Same Name"), t.Person(Other, "Same Name"));
            await t.WritesAsync(ana);
            await t.WritesAsync(eva);
            await t.AnswersAsync(ana);
            await t.AnswersAsync(eva);
        }),
        new("two people without a name", 2, async t =>
        {
            var (ana, eva) = (t.Person(Number, null), t.Person(Other, null));
            await t.WritesAsync(ana);
            await t.WritesAsync(eva);
            await t.AnswersAsync(eva);
            await t.AnswersAsync(ana);
        }),
        new("two people whose numbers are hidden", 2, async t =>
        {
            var (ana, eva) = (t.Person(Number, "Same Name"), t.Person(Other, "Same Name"));
            ana.People.ShowOneAddress(true);
            eva.People.ShowOneAddress(true);
            await t.WritesAsync(ana);
            await t.WritesAsync(eva);
            await t.AnswersAsync(ana);
            await t.AnswersAsync(eva);
        }),
        new("a new number", 1, async t =>
        {
            var ana = t.Person(Number);
            var before = await t.WritesAsync(ana);
            ana.People.ChangeNumber(Other);
            var after = await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal((before.ConversationId, "+" + Other), (after.ConversationId, t.ContactOf(ana).PhoneNumber));
            Assert.Contains(t.Chatwoot.MessagesOf(t.ConversationOf(after)), note => note.IsPrivate && note.Content!.Contains("+" + Other, StringComparison.Ordinal));
        }),
        new("a new number, and the agent answers before the person has written from it", 1, async t =>
        {
            var ana = t.Person(Number);
            await t.WritesAsync(ana);
            ana.People.ChangeNumber(Other);
            await t.AnswersAsync(ana);
            await t.WritesAsync(ana);
        }),
        new("a new number, while an agent had written another one into the contact", 1, async t =>
        {
            var ana = t.Person(Number);
            await t.WritesAsync(ana);
            t.Chatwoot.Store.UpdateContact(t.ContactOf(ana), new() { ["phone_number"] = "+491700000077" });
            ana.People.ChangeNumber(Other);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal("+491700000077", t.ContactOf(ana).PhoneNumber);
        }),
        new("a new number twice", 1, async t =>
        {
            var ana = t.Person(Number);
            await t.WritesAsync(ana);
            ana.People.ChangeNumber(Other);
            await t.WritesAsync(ana);
            ana.People.ChangeNumber("491700000003");
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal("+491700000003", t.ContactOf(ana).PhoneNumber);
        }),
        new("a new number, then the old one again", 1, async t =>
        {
            var ana = t.Person(Number);
            await t.WritesAsync(ana);
            ana.People.ChangeNumber(Other);
            await t.WritesAsync(ana);
            ana.People.ChangeNumber(Number);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal("+" + Number, t.ContactOf(ana).PhoneNumber);
        }),
        new("a new number that has a contact already", 2, async t =>
        {
            var ana = t.Person(Number);
            await t.WritesAsync(ana);
            var kept = t.ContactByPhone("Kept", Other);
            ana.People.ChangeNumber(Other);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.NotEqual(kept, t.ContactOf(ana));
        }),
        new("a number that becomes somebody else's", 2, async t =>
        {
            var ana = t.Person(Number);
            await t.WritesAsync(ana);
            ana.People.ChangeNumber(Other);
            var eva = t.Person(Number, "Eva Example");
            await t.WritesAsync(eva);
            await t.WritesAsync(ana);
            await t.AnswersAsync(eva);
            await t.AnswersAsync(ana);
        }),
        new("a number that becomes somebody else's, and the agent answers the former owner at once", 2, async t =>
        {
            var ana = t.Person(Number);
            await t.WritesAsync(ana);
            ana.People.ChangeNumber(Other);
            var eva = t.Person(Number, "Eva Example");
            await t.WritesAsync(eva);
            await t.AnswersAsync(ana);
            await t.AnswersAsync(eva);
        }),
        new("another hidden id with the same number may be another person", 2, async t =>
        {
            var ana = t.Person(Number);
            var first = await t.WritesAsync(ana);
            ana.People.ChangeLid();
            var again = await t.ArrivedAsync(ana.SendText(t.Shop.Number.User, t.NextText()));
            Assert.NotEqual(t.ContactOf(first), t.ContactOf(again));
        }),
        new("what waited for Chatwoot while the number changed", 1, async t =>
        {
            var ana = t.Person(Number);
            await t.WritesAsync(ana);
            await t.Chatwoot.StopListeningAsync(t.Ct);
            var waits = ana.SendText(t.Shop.Number.User, t.NextText());
            ana.People.ChangeNumber(Other);
            var after = ana.SendText(t.Shop.Number.User, t.NextText());
            await t.Chatwoot.ListenAgainAsync(t.Ct);
            await t.ArrivedAsync(waits);
            await t.ArrivedAsync(after);
            await t.WritesAsync(ana);
            await t.AnswersAsync(ana);
            Assert.Equal("+" + Other, t.ContactOf(ana).PhoneNumber);
        }),
        new("the product starts anew in between", 1, async t =>
        {
            var ana = t.Person(Number);
            var before = await t.WritesAsync(ana);
            await t.World.Product.DisposeAsync();
            await t.World.StartProductAsync(t.Ct);
            t.World.PointWebhook("shop");
            await t.World.WaitStatusAsync("shop", "WORKING", t.Ct);
            Assert.Equal(before.ConversationId, (await t.WritesAsync(ana)).ConversationId);
            await t.AnswersAsync(ana);
        }),
        new("two numbers of the shop in one account", 1, async t =>
        {
            var ana = t.Person(Number);
            await t.WritesAsync(ana);
            var second = t.World.WhatsApp.AddAccount("491700000088", "Second shop");
            var inbox = t.Chatwoot.Store.AddInbox("Second", "second-inbox");
            await t.World.LinkAsync("second", second, t.Ct);
            var config = new JsonObject
            {
                ["url"] = t.Chatwoot.BaseUrl.ToString(), ["accountId"] = 1, ["accountToken"] = ChatwootSimulator.Token, ["inboxId"] = inbox.Id, ["inboxIdentifier"] = inbox.Identifier,
            };
            await t.World.PostAsync("/api/apps", new() { ["id"] = "app_second", ["session"] = "second", ["app"] = "chatwoot", ["config"] = config }, 201, t.Ct);
            var there = await t.ArrivedAsync(ana.SendText(second.Number.User, "to the second number"));
            Assert.Equal((inbox.Id, t.ContactOf(ana)), (t.ConversationOf(there).InboxId, t.ContactOf(there)));
            await t.AnswersAsync(ana);
        }),
    ];
}
