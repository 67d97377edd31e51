using Footbridge.Protocol.Xml;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;

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
