using Footbridge.Jobs.Sqlite;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;
using Microsoft.Extensions.DependencyInjection;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>The phone's contacts, imported when an agent asks for them.</summary>
public sealed class ContactsPullTests : PullTest
{
    private static readonly Jid Hidden = new("100000000000777", JidServer.Lid);

    [Fact]
    public async Task People_come_with_their_names_and_ids_and_a_second_import_doubles_nobody()
    {
        await GivePeopleAsync();
        await CommandAsync("contacts pull --dc 0s --db 0s");
        await SaidAsync(Integration, "👤⏳ Importing contacts");
        Assert.Equal("👤✅ Contacts imported: 🆕 2 🔄 0 🏷️ 0 ⚪ 1 🔴 0 🖼️ 0", (await SaidAsync(Integration, "Contacts imported")).Content);
        var ana = ContactOf(Customer);
        Assert.Equal(("Ana Example", "5511900000001@c.us"), (ana.Name, ana.CustomAttributes["waha_whatsapp_jid"]?.ToString()));
        await CommandAsync("contacts pull --dc 0s --db 0s");
        await Chatwoot.Store.WaitAsync(() => Integration.Messages.Count(m => m.Content?.StartsWith("👤✅", StringComparison.Ordinal) == true) == 2, Ct);
        Assert.Equal("👤✅ Contacts imported: 🆕 0 🔄 0 🏷️ 0 ⚪ 1 🔴 0 🖼️ 0", Integration.Messages.Last(m => m.Content?.StartsWith("👤✅", StringComparison.Ordinal) == true).Content);
        await CommandAsync("contacts status");
        Assert.Contains("Contact import: Completed", (await SaidAsync(Integration, "Contact import")).Content!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_without_a_number_come_when_they_are_asked_for()
    {
        await GivePeopleAsync();
        await CommandAsync("contacts pull --dc 0s --db 0s -l -p 1");
        Assert.Equal("👤✅ Contacts imported: 🆕 3 🔄 0 🏷️ 0 ⚪ 0 🔴 0 🖼️ 0", (await SaidAsync(Integration, "Contacts imported")).Content);
        Assert.Equal(3, Chatwoot.MessagesOf(Integration).Count(m => m.Content?.StartsWith("👤⏳ Contacts:", StringComparison.Ordinal) == true));
    }

    [Fact]
    public async Task Contacts_that_are_there_get_their_ids_and_a_raw_name_becomes_a_real_one_when_that_is_wanted()
    {
        Chatwoot.Store.AddContact(new() { ["name"] = "+" + Customer, ["phone_number"] = "+" + Customer });
        Chatwoot.Store.AddContact(new() { ["name"] = "Bea of accounting", ["phone_number"] = "+" + BeaChat.User });
        await GivePeopleAsync();
        await CommandAsync("contacts pull --dc 0s --db 0s -n if-raw");
        Assert.Equal("👤✅ Contacts imported: 🆕 0 🔄 2 🏷️ 0 ⚪ 1 🔴 0 🖼️ 0", (await SaidAsync(Integration, "Contacts imported")).Content);
        Assert.Equal("+" + Customer, ContactOf(Customer).Name); // nobody gave her a name in the phone's address book
        Assert.Equal(("Bea of accounting", "5511900000002@c.us"), (ContactOf(BeaChat.User).Name, ContactOf(BeaChat.User).CustomAttributes["waha_whatsapp_jid"]?.ToString()));
    }

    [Theory]
    [InlineData("if-raw", "+5511900000001", 1, "Ana of the phone book")]
    [InlineData("if-raw", "5511900000001@c.us", 1, "Ana of the phone book")]
    [InlineData("if-raw", "Ana Example", 1, "Ana of the phone book")] // what she calls herself
    [InlineData("if-raw", "Dear Ana", 0, "Dear Ana")]
    [InlineData("always", "Dear Ana", 1, "Ana of the phone book")]
    [InlineData("no", "+5511900000001", 0, "+5511900000001")]
    public async Task The_phone_books_name_replaces_one_that_nobody_gave_or_any_or_none(string mode, string before, int renamed, string after)
    {
        Chatwoot.Store.AddContact(new() { ["name"] = before, ["phone_number"] = "+" + Customer });
        await GiveAsync(AnaChat, "Ana Example", [PhoneHistory.Text(AnaChat, "A0", false, Now - 3600, "hello")]);
        await World.Product.Services.GetRequiredService<SqliteDatabase>().WriteAsync(c => c.Execute("UPDATE archive_contacts SET full_name = 'Ana of the phone book' WHERE phone LIKE ?1", Customer + "%"), Ct);
        await CommandAsync($"contacts pull --dc 0s --db 0s -n {mode} --na");
        Assert.Equal($"👤✅ Contacts imported: 🆕 0 🔄 0 🏷️ {renamed} ⚪ 0 🔴 0 🖼️ 0", (await SaidAsync(Integration, "Contacts imported")).Content);
        Assert.Equal((after, false), (ContactOf(Customer).Name, ContactOf(Customer).CustomAttributes.ContainsKey("waha_whatsapp_jid")));
    }

    [Fact]
    public async Task Groups_come_when_they_are_asked_for()
    {
        var group = new Jid("120363000000000001", JidServer.Group);
        await GiveAsync(group, PhoneHistory.Text(group, "G0", false, Now - 3600, "hello"));
        await CommandAsync("contacts pull --dc 0s --db 0s");
        await SaidAsync(Integration, "🆕 0 🔄 0 🏷️ 0 ⚪ 1 🔴 0");
        await CommandAsync("contacts pull --dc 0s --db 0s -g");
        await SaidAsync(Integration, "🆕 1 🔄 0 🏷️ 0 ⚪ 0 🔴 0");
        Assert.Equal(group.ToString(), Chatwoot.Store.Read((contacts, _) => contacts.Values.Single(c => c.Identifier == group.ToString())).CustomAttributes["waha_whatsapp_chat_id"]!.ToString());
    }

    [Fact]
    public async Task Pictures_are_named_to_chatwoot_where_one_is_missing()
    {
        Ana.People.SetPicture([0xFF, 0xD8, 0xFF]);
        await GivePeopleAsync();
        await CommandAsync("contacts pull --dc 0s --db 0s -a");
        Assert.Equal("👤✅ Contacts imported: 🆕 2 🔄 0 🏷️ 0 ⚪ 1 🔴 0 🖼️ 1", (await SaidAsync(Integration, "Contacts imported")).Content);
        var told = Assert.Single(Chatwoot.Requests.Entries, entry => entry.Method == "PUT" && entry.Body?["avatar_url"] is not null);
        Assert.EndsWith($"/contacts/{ContactOf(Customer).Id}", told.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task W_14_an_import_of_contacts_that_is_cut_off_goes_on_behind_the_last_one()
    {
        await GivePeopleAsync();
        var (held, posts) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        Chatwoot.Faults.OnRequest = request =>
        {
            if (request.Method != "POST" || !request.Path.Value!.EndsWith("/contacts", StringComparison.Ordinal) || Interlocked.Increment(ref posts) != 2) return null;
            held.TrySetResult();
            return new ChatwootFault.AnswerWhen(new TaskCompletionSource().Task);
        };
        await CommandAsync("contacts pull --dc 0s --db 0s");
        await held.Task.WaitAsync(Ct);
        await World.Product.DisposeAsync();
        Chatwoot.Faults.OnRequest = null;
        await World.StartProductAsync(Ct);
        World.PointWebhook("shop");
        Assert.Equal("👤✅ Contacts imported: 🆕 1 🔄 0 🏷️ 0 ⚪ 1 🔴 0 🖼️ 0", (await SaidAsync(Integration, "Contacts imported")).Content);
        Assert.Equal(2, Chatwoot.Store.Read((contacts, _) => contacts.Values.Count(c => c.Identifier != "whatsapp.integration")));
    }

    private async Task GivePeopleAsync()
    {
        await GiveAsync(AnaChat, "Ana Example", [PhoneHistory.Text(AnaChat, "A0", false, Now - 3600, "hello")]);
        await GiveAsync(BeaChat, PhoneHistory.Text(BeaChat, "B0", false, Now - 3600, "hello", "Bea Example"));
        await GiveAsync(Hidden, PhoneHistory.Text(Hidden, "H0", false, Now - 3600, "hello", "Hidden"));
    }

    private SimContact ContactOf(string phone) => Chatwoot.Store.Read((contacts, _) => contacts.Values.Single(c => c.PhoneNumber == "+" + phone));
}
