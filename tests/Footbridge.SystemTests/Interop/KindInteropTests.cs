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
        Proof.Record("mention", name, Direction.FromUs);
        var place = await client.WaitMessageAsync(await SendAsync(PlaceContents.Location(-23.5, -46.6, "Shop")), Ct);
        Assert.Equal(("location", -23.5, "Shop"), (place["kind"]!.ToString(), place["latitude"]!.GetValue<double>(), place["name"]!.ToString()));
        Proof.Record("location", name, Direction.FromUs);
        var contact = await client.WaitMessageAsync(await SendAsync(ContactContents.Contacts([new("Ben", Card)])), Ct);
        Assert.Equal(("contact", Card), (contact["kind"]!.ToString(), contact["vcard"]!.ToString()));
        Proof.Record("contact", name, Direction.FromUs);
        var poll = await client.WaitMessageAsync(await SendAsync(PollContents.Poll("Lunch?", ["Soup", "Bread"], false)), Ct);
        Assert.Equal(["Soup", "Bread"], poll["options"]!.AsArray().Select(o => o!.ToString()));
        Proof.Record("poll", name, Direction.FromUs);
        var pollId = poll["id"]!.ToString();
        await client.VoteAsync(Shop, pollId, "Soup", Ct);
        var vote = await Us.Store.WaitAsync<PollVoted>(v => v.Poll.MessageId == pollId, Ct);
        Assert.Equal((Ana.Number, "Soup"), (vote.Voter.Phone, Assert.Single(vote.SelectedOptions!)));
        Proof.Record("poll vote", name, Direction.ToUs);

        var once = await client.WaitMessageAsync(await SendAsync(ForwardContents.ViewOnce(TextContents.Text("once"))), Ct);
        Assert.Equal(("once", true), (once["text"]!.ToString(), once["isViewOnce"]!.GetValue<bool>()));

        var target = new MessageTarget(text, true, null);
        await SendAsync(ChangeContents.Reaction(Ana.Number, target, "👍", Now));
        Assert.Equal("👍", (await client.WaitChangeAsync(text, "reaction", Ct))["text"]!.ToString());
        Proof.Record("reaction", name, Direction.FromUs);
        await SendAsync(ChangeContents.Edit(Ana.Number, target, "better", null, Now));
        Assert.Equal("better", (await client.WaitChangeAsync(text, "edit", Ct))["text"]!.ToString());
        Proof.Record("edit", name, Direction.FromUs);
        await SendAsync(ChangeContents.Revoke(Ana.Number, target));
        await client.WaitChangeAsync(text, "revoke", Ct);
        Proof.Record("delete", name, Direction.FromUs);
    }

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task What_the_client_sends_is_what_we_tell(string name)
    {
        await using var host = NpmHost.Start(name, WhatsApp);
        var client = await host.LinkAsync(Ana, Ct);
        var mention = await GotAsync(client, "mention", new() { ["text"] = "hi you" });
        Assert.Single(mention.Content.ExtendedTextMessage.ContextInfo.MentionedJid);
        Proof.Record("mention", name, Direction.ToUs);
        var place = await GotAsync(client, "location", new() { ["latitude"] = -23.5, ["longitude"] = -46.6, ["name"] = "Shop" });
        Assert.Equal((-23.5, "Shop"), (place.Content.LocationMessage.DegreesLatitude, place.Content.LocationMessage.Name));
        Proof.Record("location", name, Direction.ToUs);
        Assert.Equal(Card, (await GotAsync(client, "contact", new() { ["name"] = "Ben", ["vcard"] = Card })).Content.ContactMessage.Vcard);
        Proof.Record("contact", name, Direction.ToUs);
        var vanishing = await GotAsync(client, "text", new() { ["text"] = "gone", ["expiration"] = 86_400 });
        Assert.Equal(86_400u, ContextInfos.Find(vanishing.Content)!.Expiration);
        Proof.Record("disappearing", name, Direction.ToUs);
        // The chat is one of disappearing messages now, for what we write too.
        var answer = await client.WaitMessageAsync(await SendAsync(TextContents.Text("gone as well")), Ct);
        Assert.Equal(86_400, answer["expiration"]!.GetValue<int>());
        Proof.Record("disappearing", name, Direction.FromUs);

        var poll = await GotAsync(client, "poll", new() { ["name"] = "Lunch?", ["options"] = new JsonArray("Soup", "Bread") });
        Assert.Equal(["Soup", "Bread"], PollContents.Find(poll.Content)!.Options.Select(o => o.OptionName));
        Proof.Record("poll", name, Direction.ToUs);
        await Us.Client.VoteAsync(MessageIds.Random(), Ana.Number, poll.MessageId, ["Bread"], Ct);
        var vote = await client.WaitAsync("vote", e => e["id"]!.ToString() == poll.MessageId, Ct);
        Assert.Equal("Bread", Assert.Single(vote["options"]!.AsArray())!.ToString());
        Proof.Record("poll vote", name, Direction.FromUs);

        var text = await GotAsync(client, "text", new() { ["text"] = "first" });
        JsonObject Target(string? words) => new() { ["targetId"] = text.MessageId, ["targetFromMe"] = true, ["text"] = words };
        Assert.Equal(("👍", text.MessageId), ((await GotAsync(client, "reaction", Target("👍"))).Content.ReactionMessage is var r ? r.Text : "", r.Key.Id));
        Proof.Record("reaction", name, Direction.ToUs);
        var edit = (await GotAsync(client, "edit", Target("second"))).Content.ProtocolMessage;
        Assert.Equal((text.MessageId, "second"), (edit.Key.Id, edit.EditedMessage.ExtendedTextMessage?.Text ?? edit.EditedMessage.Conversation));
        Proof.Record("edit", name, Direction.ToUs);
        Assert.Equal(Message.Types.ProtocolMessage.Types.Type.Revoke, (await GotAsync(client, "revoke", Target(null))).Content.ProtocolMessage.Type);
        Proof.Record("delete", name, Direction.ToUs);
    }

    private async Task<string> SendAsync(Message content) => (await Us.Client.SendAsync(new(MessageIds.Random(), Ana.Number, content), Ct)).Id;

    private async Task<MessageReceived> GotAsync(NpmClient client, string kind, JsonObject fields)
    {
        var id = await client.SendAsync(Shop, kind, fields, Ct);
        return await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
    }
}
