using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Generated;
using Footbridge.Simulator.WhatsApp.Phone;
using Google.Protobuf;

namespace Footbridge.SystemTests.Engine;

public sealed class KindReceiveTests : TwoPeopleTest
{
    [Fact]
    public async Task What_people_send_arrives_in_its_own_form_with_what_stood_around_it()
    {
        var place = await ReceivedAsync(Ana.SendLocation(Shop, -23.5, -46.6, "Shop"));
        Assert.Equal((-23.5, "Shop"), (place.Content.LocationMessage.DegreesLatitude, place.Content.LocationMessage.Name));
        var contact = await ReceivedAsync(Ana.SendContact(Shop, "Ben Example", "5511900000002"));
        Assert.Contains("waid=5511900000002", contact.Content.ContactMessage.Vcard, StringComparison.Ordinal);
        var vanishing = await ReceivedAsync(Ana.Send(Shop, new()
        {
            EphemeralMessage = new() { Message = new() { ViewOnceMessageV2 = new() { Message = new() { ImageMessage = new() { Caption = "look", ViewOnce = true } } } } },
        }));
        Assert.Equal("look", vanishing.Content.ImageMessage.Caption);
        Assert.Equal(MessageFlags.Ephemeral | MessageFlags.ViewOnce, vanishing.Flags);
        var paper = await ReceivedAsync(Ana.Send(Shop, new() { DocumentWithCaptionMessage = new() { Message = new() { DocumentMessage = new() { Caption = "bill" } } } }));
        Assert.Equal(("bill", MessageFlags.DocumentWithCaption), (paper.Content.DocumentMessage.Caption, paper.Flags));
        var strange = await ReceivedAsync(Ana.Send(Shop, new() { GroupStatusMessageV2 = new() { Message = new() { Conversation = "inside" } } }));
        Assert.Equal("inside", strange.Content.Conversation);
    }

    [Fact]
    public async Task A_kind_nobody_knows_is_passed_on_with_all_its_bytes()
    {
        // Field 2000, length-delimited, three bytes.
        byte[] unknown = [0x82, 0x7D, 3, 1, 2, 3];
        var received = await ReceivedAsync(Ana.Send(Shop, Message.Parser.ParseFrom(unknown)));
        Assert.Equal(unknown, received.Content.ToByteArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reactions_and_edits_read_the_same_in_clear_and_under_their_messages_secret(bool isEncrypted)
    {
        var id = Ana.SendSecretText(Shop, "first");
        await ReceivedAsync(id);
        var target = OnAnasPhone(id);
        var reaction = await ReceivedAsync(isEncrypted ? Ana.ReactEncrypted(Shop, target, "👍") : Ana.React(Shop, target, "👍"));
        Assert.Equal((id, "👍"), (reaction.Content.ReactionMessage.Key.Id, reaction.Content.ReactionMessage.Text));
        Assert.Equal(isEncrypted, reaction.Flags.HasFlag(MessageFlags.Encrypted));
        var edit = await ReceivedAsync(isEncrypted ? Ana.EditEncrypted(Shop, target, "second") : Ana.Edit(Shop, target, "second", wraps: true));
        Assert.Equal((id, "second"), (edit.Content.ProtocolMessage.Key.Id, edit.Content.ProtocolMessage.EditedMessage.Conversation));
        var bare = await ReceivedAsync(Ana.Edit(Shop, target, "third", wraps: false));
        Assert.Equal("third", bare.Content.ProtocolMessage.EditedMessage.Conversation);
        var revoked = await ReceivedAsync(Ana.Revoke(Shop, target));
        Assert.Equal((Message.Types.ProtocolMessage.Types.Type.Revoke, id), (revoked.Content.ProtocolMessage.Type, revoked.Content.ProtocolMessage.Key.Id));
    }

    [Fact]
    public async Task A_reaction_to_a_message_of_ours_is_opened_under_the_secret_we_gave_it()
    {
        var id = MessageIds.Random();
        await Us.Client.SendAsync(new(id, Ana.Number, TextContents.Text("ours")), Ct);
        var shown = await Ana.Incoming.ReadAsync(Ct);
        var reaction = await ReceivedAsync(Ana.ReactEncrypted(Shop, shown, "❤️"));
        Assert.Equal((id, "❤️"), (reaction.Content.ReactionMessage.Key.Id, reaction.Content.ReactionMessage.Text));
    }

    [Fact]
    public async Task Votes_are_told_with_their_options_and_the_latest_of_each_person_counts()
    {
        var id = MessageIds.Random();
        await Us.Client.SendAsync(new(id, Ana.Number, PollContents.Poll("Lunch?", ["Soup", "Bread"], allowsMany: true)), Ct);
        var poll = await Ana.Incoming.ReadAsync(Ct);
        await Us.RestartAsync(Ct);
        var both = await VotedAsync(Ana.Vote(Shop, poll, 2000, "Soup", "Bread"));
        Assert.Equal(["Soup", "Bread"], both.SelectedOptions!);
        Assert.Equal((id, true, Ana.Number), (both.Poll.MessageId, both.Poll.IsFromMe, both.Voter.Phone));
        var changed = await VotedAsync(Ana.Vote(Shop, poll, 3000, "Bread"));
        Assert.Equal(["Bread"], changed.SelectedOptions!);
        Assert.Equal([new("Soup", 0), new("Bread", 1)], changed.Totals);
        Ana.Vote(Shop, poll, 1000, "Soup");
        var withdrawn = await VotedAsync(Ana.Vote(Shop, poll, 4000));
        Assert.Empty(withdrawn.SelectedOptions!);
        Assert.Equal(3, Us.Store.Events.OfType<PollVoted>().Count());
        Assert.DoesNotContain(Us.Store.Events.OfType<MessageReceived>(), m => m.Content.PollUpdateMessage is not null);
    }

    [Fact]
    public async Task A_vote_in_a_poll_that_never_came_is_told_as_one_that_cannot_be_read()
    {
        var ben = WhatsApp.AddAccount("5511900000002", "Ben Example");
        var id = Ana.SendPoll(ben.Number.User, "Lunch?", "Soup", "Bread");
        var poll = OnAnasPhone(id);
        var vote = await VotedAsync(Ana.Vote(Shop, poll, 1000, "Soup"));
        Assert.Null(vote.SelectedOptions);
        Assert.Equal(("the poll is not known", poll.Id), (vote.Failure, vote.Poll.MessageId));
    }

    [Fact]
    public async Task An_answer_to_an_event_is_told_with_its_guests()
    {
        var id = MessageIds.Random();
        await Us.Client.SendAsync(new(id, Ana.Number, EventContents.Event(new("Opening", DateTimeOffset.FromUnixTimeSeconds(1_800_000_000)) { Place = "Shop" })), Ct);
        var planned = await Ana.Incoming.ReadAsync(Ct);
        Assert.Equal(("Opening", "Shop"), (planned.Content.EventMessage.Name, planned.Content.EventMessage.Location.Name));
        var response = Ana.Respond(Shop, planned, Message.Types.EventResponseMessage.Types.EventResponseType.Going);
        var told = await Us.Store.WaitAsync<EventResponded>(e => e.MessageId == response, Ct);
        Assert.Equal((EventAnswer.Going, 2, id, true), (told.Answer, told.ExtraGuests, told.Event.MessageId, told.Event.IsFromMe));
    }

    [Fact]
    public async Task A_chats_lifetime_of_messages_is_told_and_goes_into_what_is_sent_there()
    {
        Ana.SetEphemeral(Shop, 86_400);
        var told = await Us.Store.WaitAsync<ChatUpdated>(_ => true, Ct);
        Assert.Equal(new ChatChange.Ephemeral(86_400), told.Change);
        await Us.RestartAsync(Ct);
        await Us.Client.SendTextAsync(new(MessageIds.Random(), Ana.Number, "gone tomorrow"), Ct);
        var context = (await Ana.Incoming.ReadAsync(Ct)).Content.ExtendedTextMessage.ContextInfo;
        Assert.Equal((86_400u, 1_700_000_000L), (context.Expiration, context.EphemeralSettingTimestamp));
    }

    private Task<MessageReceived> ReceivedAsync(string id) => Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);

    private Task<PollVoted> VotedAsync(string id) => Us.Store.WaitAsync<PollVoted>(v => v.MessageId == id, Ct);
}
