using Footbridge.Engine.Presence;
using Footbridge.Protocol.Xml;
using Footbridge.SystemTests.Engine;

namespace Footbridge.SystemTests.Interop;

/// <summary>Presence, numbers, about texts, pictures and blocks, between our engine and clients nobody here wrote.</summary>
public sealed class PeopleInteropTests : PersonTest
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task Presence_and_typing_cross_both_ways(string name)
    {
        await using var host = NpmHost.Start(name, WhatsApp);
        var client = await host.LinkAsync(Customer, Ct);
        await client.RunAsync("presence", new() { ["state"] = "available" }, Ct);
        await client.RunAsync("watch", new() { ["who"] = Us.Phone.Number.User }, Ct);
        await WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Device == client.Device && s.Node.Tag == "presence" && s.Node["type"] == "subscribe", Ct);
        // A number's lookup is answered after what came before it.
        await Us.Client.FindAccountAsync(Customer.Number.User, Ct);
        Us.Client.Presence.SetOwn(true);
        await client.WaitAsync("presence", e => e["state"]!.ToString() == "available", Ct);
        await Us.Client.Presence.TellChatAsync(Customer.Number, PresenceKind.Typing, Ct);
        await client.WaitAsync("presence", e => e["state"]!.ToString() == "composing", Ct);
        await Us.Client.Presence.TellChatAsync(Customer.Number, PresenceKind.Recording, Ct);
        await client.WaitAsync("presence", e => e["state"]!.ToString() == "recording", Ct);

        await Us.Client.Presence.SubscribeAsync(Customer.Number, Ct);
        await UntilAsync(PresenceKind.Online);
        await client.RunAsync("presence", new() { ["state"] = "composing", ["to"] = Us.Phone.Number.User }, Ct);
        await UntilAsync(PresenceKind.Typing);
        await client.RunAsync("presence", new() { ["state"] = "paused", ["to"] = Us.Phone.Number.User }, Ct);
        await UntilAsync(PresenceKind.Paused);
        await client.RunAsync("presence", new() { ["state"] = "unavailable" }, Ct);
        await UntilAsync(PresenceKind.Offline);
        Proof.RecordBoth("presence and typing", name);
    }

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task What_people_show_and_whom_they_block_is_the_same_for_every_client(string name)
    {
        await using var host = NpmHost.Start(name, WhatsApp);
        // Of our own account: a further device beside our engine.
        var client = await host.LinkAsync(Us.Phone, Ct);
        Assert.True((await client.RunAsync("exists", new() { ["phone"] = Customer.Number.User }, Ct))!["exists"]!.GetValue<bool>());
        Assert.False((await client.RunAsync("exists", new() { ["phone"] = "5511999999990" }, Ct))!["exists"]!.GetValue<bool>());

        Customer.People.SetAbout("at the beach");
        Assert.Equal("at the beach", (await client.RunAsync("about", new() { ["who"] = Customer.Number.User }, Ct))!["text"]!.ToString());
        await client.RunAsync("setAbout", new() { ["text"] = "set by " + name }, Ct);
        Assert.Equal("set by " + name, Assert.Single(await Us.Client.Contacts.GetDetailsAsync([Us.Phone.Number], Ct)).About);

        Customer.People.SetPicture(Jpeg);
        var picture = await Us.Client.Contacts.Pictures.FindAsync(Customer.Number, false, refresh: true, Ct);
        Assert.Equal(picture!.Url.ToString(), (await client.RunAsync("picture", new() { ["who"] = Customer.Number.User }, Ct))!["url"]!.ToString());

        Assert.Empty(await Us.Client.Contacts.Blocklist.GetAsync(Ct));
        await client.RunAsync("block", new() { ["who"] = Customer.Number.User }, Ct);
        await WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Device == Us.Client.Me!.Phone && s.Node.Tag == "ack" && s.Node["type"] == "account_sync", Ct);
        await Us.Client.FindAccountAsync("5511999999991", Ct);
        Assert.Equal(Customer.Lid, Assert.Single(await Us.Client.Contacts.Blocklist.GetAsync(Ct)).Lid);
        var blocked = (await client.RunAsync("blocked", [], Ct))!["jids"]!.AsArray().Select(jid => Jid.Parse(jid!.ToString()));
        Assert.Equal([Customer.Lid], blocked);
        await Us.Client.Contacts.Blocklist.UnblockAsync(Customer.Number, Ct);
        Assert.Empty((await client.RunAsync("blocked", [], Ct))!["jids"]!.AsArray());
    }

    private async Task UntilAsync(PresenceKind kind)
    {
        while (true)
        {
            var update = await Us.Presences.ReadAsync(Ct);
            if (update.Participant.Phone == Customer.Number && update.Kind == kind) return;
        }
    }
}
