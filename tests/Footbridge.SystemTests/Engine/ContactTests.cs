using Footbridge.Engine.Connection;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;

namespace Footbridge.SystemTests.Engine;

/// <summary>Numbers, profiles, pictures, blocks and privacy, through the simulated server.</summary>
public sealed class ContactTests : PersonTest
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];

    [Fact]
    public async Task Numbers_are_found_by_what_was_asked_and_named_as_whatsapp_names_them()
    {
        Customer.People.AddSpelling("551100000001");
        var found = await Us.Client.Contacts.Numbers.FindAsync(["551100000001", "5511900000001", "5511999999990"], Ct);
        Assert.Equal((Customer.Number, Customer.Lid), (found["551100000001"]!.Value.Phone, found["551100000001"]!.Value.Lid));
        Assert.Equal(Customer.Number, found["5511900000001"]!.Value.Phone);
        Assert.Null(found["5511999999990"]);
        await Us.Client.Contacts.Numbers.FindAsync(["551100000001", "5511999999990"], Ct);
        Assert.Equal(1, Queries("usync", iq => iq.Path("usync", "query", "contact") is not null));
        Assert.Equal((Customer.Lid, Customer.Number), Assert.Single(await Us.Client.Contacts.ListPairsAsync(Ct), pair => pair.Lid == Customer.Lid));
    }

    [Fact]
    public async Task A_pause_that_whatsapp_asks_for_is_kept()
    {
        WhatsApp.People.LookupBackoffSeconds = 600;
        for (var i = 0; i < 2; i++)
        {
            var refused = await Assert.ThrowsAsync<QueryFailedException>(() => Us.Client.FindAccountAsync(Customer.Number.User, Ct));
            Assert.Equal(429, refused.Code);
        }

        Assert.Equal(1, Queries("usync", iq => iq.Path("usync", "query", "contact") is not null));
    }

    [Fact]
    public async Task What_people_show_of_themselves_can_be_read_until_they_hide_it()
    {
        Customer.People.SetAbout("at the beach");
        Customer.People.Profile.Username = "ana.example";
        Customer.People.Profile.VerifiedName = "Ana's Shop";
        var picture = Customer.People.SetPicture(Jpeg);
        var shown = Assert.Single(await Us.Client.Contacts.GetDetailsAsync([Customer.Number], Ct));
        Assert.Equal(("at the beach", picture, "Ana's Shop", "ana.example", Customer.Lid), (shown.About, shown.PictureId, shown.VerifiedName, shown.Username, shown.Person.Lid));
        Assert.Equal("Ana's Shop", (await Us.Client.Contacts.FindBusinessProfileAsync(Customer.Number, Ct))!.Description);
        Customer.People.Profile.HidesItself = true;
        Assert.Null(Assert.Single(await Us.Client.Contacts.GetDetailsAsync([Customer.Number], Ct)).About);
        await Us.Store.WaitAsync<AboutChanged>(a => a.Text == "at the beach" && a.Person.Phone == Customer.Number, Ct);
    }

    [Fact]
    public async Task A_picture_is_asked_for_once_and_again_when_it_changes()
    {
        Assert.Null(await Us.Client.Contacts.Pictures.FindAsync(Customer.Number, false, false, Ct));
        var id = Customer.People.SetPicture(Jpeg);
        await Us.Store.WaitAsync<PictureChanged>(p => p.PictureId == id, Ct);
        var first = await Us.Client.Contacts.Pictures.FindAsync(Customer.Number, false, false, Ct);
        Assert.Equal(id, first!.Id);
        Assert.Equal(first, await Us.Client.Contacts.Pictures.FindAsync(Customer.Number, false, false, Ct));
        Assert.Equal(2, Queries("w:profile:picture", iq => iq["type"] == "get"));
        using var http = new HttpClient(new SocketsHttpHandler());
        Assert.Equal(Jpeg, await http.GetByteArrayAsync(first.Url, Ct));
        Customer.People.Profile.HidesItself = true;
        Assert.Null(await Us.Client.Contacts.Pictures.FindAsync(Customer.Number, false, refresh: true, Ct));
    }

    [Fact]
    public async Task The_accounts_own_picture_name_and_about_reach_everybody()
    {
        await Us.Client.Contacts.Pictures.SetAsync(null, Jpeg, Ct);
        Assert.Equal(Jpeg, Us.Phone.People.Picture);
        Assert.NotNull(await Us.Client.Contacts.Pictures.FindAsync(Us.Phone.Number, false, false, Ct));
        await Us.Client.Contacts.Pictures.RemoveAsync(null, Ct);
        Assert.Null(Us.Phone.People.Picture);
        Assert.Null(await Us.Client.Contacts.Pictures.FindAsync(Us.Phone.Number, false, false, Ct));

        await Us.Client.Contacts.Profile.SetAboutAsync("open until six", Ct);
        Assert.Equal("open until six", Us.Phone.People.Profile.About);

        await Us.Client.Contacts.Profile.SetNameAsync("Corner Shop", Ct);
        Assert.Equal("Corner Shop", Us.Client.Me!.PushName);
        await WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "presence" && s.Node["name"] == "Corner Shop", Ct);
        await Us.RestartAsync(Ct);
        Assert.Equal("Corner Shop", Us.Client.Me!.PushName);
        await Assert.ThrowsAsync<ArgumentException>(() => Us.Client.Contacts.Profile.SetNameAsync("", Ct));
    }

    [Fact]
    public async Task Blocks_made_here_and_on_the_phone_are_both_known()
    {
        var ben = WhatsApp.AddAccount("5511900000002", "Ben Example");
        Assert.Empty(await Us.Client.Contacts.Blocklist.GetAsync(Ct));
        await Us.Client.Contacts.Blocklist.BlockAsync(Customer.Number, Ct);
        Assert.Equal([Customer.Lid], Us.Phone.People.Profile.Blocked);
        Assert.Equal((Customer.Number, Customer.Lid), Assert.Single((await Us.Client.Contacts.Blocklist.GetAsync(Ct)).Select(p => (p.Phone!.Value, p.Lid!.Value))));

        Us.Phone.People.SetBlocked(ben.Number.User, true);
        await WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "ack" && s.Node["type"] == "account_sync", Ct);
        var asked = Queries("blocklist", iq => iq["type"] == "get");
        Assert.Equal([Customer.Number, ben.Number], (await Us.Client.Contacts.Blocklist.GetAsync(Ct)).Select(p => p.Phone!.Value).Order(Comparer<Jid>.Create((a, b) => string.CompareOrdinal(a.User, b.User))));
        Assert.Equal(asked, Queries("blocklist", iq => iq["type"] == "get"));
        Assert.Equal(ben.Lid, await Us.Client.FindTwinAsync(ben.Number, Ct));

        await Us.Client.Contacts.Blocklist.UnblockAsync(Customer.Number, Ct);
        Assert.Equal([ben.Lid], Us.Phone.People.Profile.Blocked);
    }

    [Fact]
    public async Task Privacy_is_read_and_set_and_nonsense_is_refused_here()
    {
        await Us.Client.Contacts.Privacy.SetAsync("last", "contacts", Ct);
        Assert.Equal("contacts", (await Us.Client.Contacts.Privacy.GetAsync(Ct))["last"]);
        await Us.Client.Contacts.Privacy.SetDefaultDisappearingAsync(TimeSpan.FromDays(7), Ct);
        Assert.Equal(604_800, Us.Phone.People.Profile.DisappearingSeconds);
        await Assert.ThrowsAsync<ArgumentException>(() => Us.Client.Contacts.Privacy.SetAsync("last", "sometimes", Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => Us.Client.Contacts.Privacy.SetAsync("shoes", "all", Ct));
    }

    [Fact]
    public async Task Nothing_is_asked_while_the_account_is_away()
    {
        var contacts = Us.Client.Contacts;
        await Us.Client.StopAsync(Ct);
        await Assert.ThrowsAsync<NotOnlineException>(() => contacts.Numbers.FindAsync(["5511900000001"], Ct));
        Assert.Throws<NotOnlineException>(() => Us.Client.Contacts);
    }
}
