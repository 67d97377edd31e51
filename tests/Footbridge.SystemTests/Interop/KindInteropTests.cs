using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Generated;
using Footbridge.SystemTests.Engine;

namespace Footbridge.SystemTests.Interop;

/// <summary>Every kind of message, to and from clients nobody here wrote.</summary>
public sealed class KindInteropTests : TwoPeopleTest
{
    private const string Card = "BEGIN:VCARD\nVERSION:3.0\nFN:Ben\nTEL;type=CELL;waid=5511900000002:+55 11 90000-0002\nEND:VCARD";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task What_we_send_is_what_the_client_shows(string name)
    {
        await using var host = NpmHost.Start(name, WhatsApp);
        var client = await host.LinkAsync(Ana, Ct);
        var question = await client.SendTextAsync(Shop, "question", null, Ct);
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == question, Ct);

        var text = await SendAsync(TextContents.Text($"hi @{Ana.Number.User}", new() { Quote = new(question, Ana.Number, new() { Conversation = "question" }, null), Mentions = [Ana.Number] }));
        var shown = await client.WaitMessageAsync(text, Ct);
        Assert.Equal((question, 1), (shown["quotedId"]!.ToString(), shown["mentions"]!.AsArray().Count));
        var place = await client.WaitMessageAsync(await SendAsync(PlaceContents.Location(-23.5, -46.6, "Shop")), Ct);
        Assert.Equal(("location", -23.5, "Shop"), (place["kind"]!.ToString(), place["latitude"]!.GetValue<double>(), place["name"]!.ToString()));
        var contact = await client.WaitMessageAsync(await SendAsync(ContactContents.Contacts([new("Ben", Card)])), Ct);
        Assert.Equal(("contact", Card), (contact["kind"]!.ToString(), contact["vcard"]!.ToString()));
        var poll = await client.WaitMessageAsync(await SendAsync(PollContents.Poll("Lunch?", ["Soup", "Bread"], false)), Ct);
        Assert.Equal(["Soup", "Bread"], poll["options"]!.AsArray().Select(o => o!.ToString()));
        var once = await client.WaitMessageAsync(await SendAsync(ForwardContents.ViewOnce(TextContents.Text("once"))), Ct);
        Assert.Equal(("once", true), (once["text"]!.ToString(), once["isViewOnce"]!.GetValue<bool>()));

        var target = new MessageTarget(text, true, null);
        await SendAsync(ChangeContents.Reaction(Ana.Number, target, "👍", Now));
        Assert.Equal("👍", (await client.WaitChangeAsync(text, "reaction", Ct))["text"]!.ToString());
        await SendAsync(ChangeContents.Edit(Ana.Number, target, "better", null, Now));
        Assert.Equal("better", (await client.WaitChangeAsync(text, "edit", Ct))["text"]!.ToString());
        await SendAsync(ChangeContents.Revoke(Ana.Number, target));
        await client.WaitChangeAsync(text, "revoke", Ct);
    }

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task What_the_client_sends_is_what_we_tell(string name)
    {
        await using var host = NpmHost.Start(name, WhatsApp);
        var client = await host.LinkAsync(Ana, Ct);
        var mention = await GotAsync(client, "mention", new() { ["text"] = "hi you" });
        Assert.Single(mention.Content.ExtendedTextMessage.ContextInfo.MentionedJid);
        var place = await GotAsync(client, "location", new() { ["latitude"] = -23.5, ["longitude"] = -46.6, ["name"] = "Shop" });
        Assert.Equal((-23.5, "Shop"), (place.Content.LocationMessage.DegreesLatitude, place.Content.LocationMessage.Name));
        Assert.Equal(Card, (await GotAsync(client, "contact", new() { ["name"] = "Ben", ["vcard"] = Card })).Content.ContactMessage.Vcard);
        var vanishing = await GotAsync(client, "text", new() { ["text"] = "gone", ["expiration"] = 86_400 });
        Assert.Equal(86_400u, ContextInfos.Find(vanishing.Content)!.Expiration);

        var poll = await GotAsync(client, "poll", new() { ["name"] = "Lunch?", ["options"] = new JsonArray("Soup", "Bread") });
        Assert.Equal(["Soup", "Bread"], PollContents.Find(poll.Content)!.Options.Select(o => o.OptionName));
        if (name != "zapo")
        {
            // zapo derives a vote's key from addresses with their device, and opens no vote of a linked device but its own kind's.
            await Us.Client.VoteAsync(MessageIds.Random(), Ana.Number, poll.MessageId, ["Bread"], Ct);
            var vote = await client.WaitAsync("vote", e => e["id"]!.ToString() == poll.MessageId, Ct);
            Assert.Equal("Bread", Assert.Single(vote["options"]!.AsArray())!.ToString());
        }

        var text = await GotAsync(client, "text", new() { ["text"] = "first" });
        JsonObject Target(string? words) => new() { ["targetId"] = text.MessageId, ["targetFromMe"] = true, ["text"] = words };
        Assert.Equal(("👍", text.MessageId), ((await GotAsync(client, "reaction", Target("👍"))).Content.ReactionMessage is var r ? r.Text : "", r.Key.Id));
        var edit = (await GotAsync(client, "edit", Target("second"))).Content.ProtocolMessage;
        Assert.Equal((text.MessageId, "second"), (edit.Key.Id, edit.EditedMessage.ExtendedTextMessage?.Text ?? edit.EditedMessage.Conversation));
        Assert.Equal(Message.Types.ProtocolMessage.Types.Type.Revoke, (await GotAsync(client, "revoke", Target(null))).Content.ProtocolMessage.Type);
    }

    private async Task<string> SendAsync(Message content) => (await Us.Client.SendAsync(new(MessageIds.Random(), Ana.Number, content), Ct)).Id;

    private async Task<MessageReceived> GotAsync(NpmClient client, string kind, JsonObject fields)
    {
        var id = await client.SendAsync(Shop, kind, fields, Ct);
        return await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
    }
}
