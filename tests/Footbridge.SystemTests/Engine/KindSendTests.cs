using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;

namespace Footbridge.SystemTests.Engine;

public sealed class KindSendTests : TwoPeopleTest
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Fact]
    public async Task What_we_send_is_told_once_as_our_own()
    {
        var id = MessageIds.Random();
        await Us.Client.SendTextAsync(new(id, Ana.Number, "hello"), Ct);
        await Us.Client.SendTextAsync(new(id, Ana.Number, "hello"), Ct);
        await Us.RestartAsync(Ct);
        await Us.Client.SendTextAsync(new(id, Ana.Number, "hello"), Ct);
        var told = Assert.Single(Us.Store.Events.OfType<MessageReceived>());
        Assert.Equal((id, true, MessageOrigin.Api, "hello"), (told.MessageId, told.IsFromMe, told.Origin, told.Content.ExtendedTextMessage.Text));
        Assert.Equal((Ana.Number, Us.Phone.Number), (told.Chat.Phone, told.Sender.Phone));
        var ack = await Us.Store.WaitAsync<MessageAcked>(a => a.MessageId == id && a.Level == AckLevel.Server, Ct);
        var events = Us.Store.Events.ToList();
        Assert.True(events.IndexOf(told) < events.IndexOf(ack));
    }

    [Fact]
    public async Task Every_message_has_a_secret_and_can_be_reported_but_for_those_about_other_messages()
    {
        await Us.Client.SendTextAsync(new("3EB0000000000000000001", Ana.Number, "hello"), Ct);
        var shown = await Ana.Incoming.ReadAsync(Ct);
        Assert.Equal(AddOnCipher.SecretBytes, shown.Secret!.Length);
        var token = (await SentAsync("3EB0000000000000000001")).Path("reporting", "reporting_token");
        Assert.Equal(("2", 16), (token!["v"], token.ContentBytes!.Length));

        await Us.Client.SendAsync(new("3EB0000000000000000002", Ana.Number, ChangeContents.Reaction(Ana.Number, new(shown.Id, true, null), "👍", Now)), Ct);
        var reaction = await Ana.Incoming.ReadAsync(Ct);
        Assert.Equal((shown.Id, "👍", true), (reaction.Content.ReactionMessage.Key.Id, reaction.Content.ReactionMessage.Text, reaction.Content.ReactionMessage.Key.FromMe));
        var stanza = await SentAsync("3EB0000000000000000002");
        Assert.Null(reaction.Secret);
        Assert.Null(stanza.Child("reporting"));
        Assert.Equal(("reaction", null), (stanza["type"], stanza["edit"]));
        Assert.All(stanza.Child("participants")!.Children, to => Assert.Equal("hide", to.Child("enc")!["decrypt-fail"]));
    }

    [Theory]
    [InlineData("edit", "text", "1")]
    [InlineData("revoke", "text", "7")]
    [InlineData("pin", "text", "2")]
    [InlineData("unpin", "text", "2")]
    [InlineData("unreact", "reaction", "7")]
    public async Task Changes_say_in_clear_what_they_are(string change, string type, string edit)
    {
        var target = new MessageTarget("3EB0000000000000000001", true, null);
        await Us.Client.SendTextAsync(new(target.Id, Ana.Number, "hello"), Ct);
        await Ana.Incoming.ReadAsync(Ct);
        var content = change switch
        {
            "edit" => ChangeContents.Edit(Ana.Number, target, "new", null, Now),
            "revoke" => ChangeContents.Revoke(Ana.Number, target),
            "pin" => ChangeContents.Pin(Ana.Number, target, 86_400, Now),
            "unpin" => ChangeContents.Unpin(Ana.Number, target, Now),
            _ => ChangeContents.Reaction(Ana.Number, target, "", Now),
        };
        await Us.Client.SendAsync(new("3EB0000000000000000002", Ana.Number, content), Ct);
        var shown = (await Ana.Incoming.ReadAsync(Ct)).Content;
        var stanza = await SentAsync("3EB0000000000000000002");
        Assert.Equal((type, edit), (stanza["type"], stanza["edit"]));
        var key = shown.EditedMessage?.Message.ProtocolMessage.Key ?? shown.ProtocolMessage?.Key ?? shown.PinInChatMessage?.Key ?? shown.ReactionMessage.Key;
        Assert.Equal((target.Id, true), (key.Id, key.FromMe));
        if (change == "edit") Assert.Equal((ProtocolType.MessageEdit, "new"), (shown.EditedMessage!.Message.ProtocolMessage.Type, shown.EditedMessage.Message.ProtocolMessage.EditedMessage.ExtendedTextMessage.Text));
        if (change == "pin") Assert.Equal(86_400u, shown.MessageContextInfo.MessageAddOnDurationInSecs);
    }

    [Fact]
    public async Task We_vote_in_polls_of_ours_and_of_others_so_that_a_phone_can_count_us()
    {
        var id = Ana.SendPoll(Shop, "Lunch?", "Soup", "Bread");
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
        await Us.Client.VoteAsync("3EB0000000000000000001", Ana.Number, id, ["Bread"], Ct);
        var vote = await Ana.Incoming.ReadAsync(Ct);
        Assert.Equal(["Bread"], Ana.OpenVote(vote, OnAnasPhone(id), [Ana.Lid, Ana.Number], [Us.Phone.Lid, Us.Phone.Number])!);
        Assert.Equal("vote", (await SentAsync("3EB0000000000000000001")).Child("meta")!["polltype"]);
        var told = await Us.Store.WaitAsync<PollVoted>(v => v.MessageId == "3EB0000000000000000001", Ct);
        Assert.Equal(["Bread"], told.SelectedOptions!);
        Assert.True(told.IsFromMe);
        var unknown = await Assert.ThrowsAsync<SendFailedException>(() => Us.Client.VoteAsync(MessageIds.Random(), Ana.Number, id, ["Cake"], Ct));
        Assert.Equal("The poll has no option 'Cake'", unknown.Message);
        await Assert.ThrowsAsync<SendFailedException>(() => Us.Client.VoteAsync(MessageIds.Random(), Ana.Number, "3EB0FFFF", ["Soup"], Ct));
    }

    [Fact]
    public async Task A_person_mentioned_by_phone_is_mentioned_by_the_address_the_chat_knows()
    {
        await Us.Client.FindAccountAsync(Ana.Number.User, Ct);
        await Us.Client.SendAsync(new(MessageIds.Random(), Ana.Number, TextContents.Text($"hi @{Ana.Number.User}", new() { Mentions = [Ana.Number] })), Ct);
        var shown = await Ana.Incoming.ReadAsync(Ct);
        Assert.Equal(Ana.Lid.ToString(), Assert.Single(shown.Content.ExtendedTextMessage.ContextInfo.MentionedJid));
        Assert.Equal($"hi @{Ana.Lid.User}", shown.Text);
    }

    [Fact]
    public async Task A_token_is_issued_once_in_a_period_and_the_accounts_salt_stands_in_until_one_is_held()
    {
        var salt = new StoreBatch();
        salt.Put(StateKind.AccountSecret, AccountSecrets.NctSalt, [7, 7, 7, 7]);
        await Us.Store.CommitAsync(salt, Ct);
        await Us.Client.SendTextAsync(new("3EB0000000000000000001", Ana.Number, "one"), Ct);
        Assert.Equal(NewChatToken.Of([7, 7, 7, 7], Ana.Lid), (await SentAsync("3EB0000000000000000001")).Child("cstoken")!.ContentBytes);
        var issued = await WhatsApp.Recorder.WaitAsync(IsIssue, Ct);
        Assert.Equal(Ana.Lid, issued.Node.Path("tokens", "token")!.JidOf("jid"));
        while (await Us.Store.GetAsync(StateKind.TokenIssued, Ana.Lid.User, Ct) is null) await Task.Yield();
        await Us.RestartAsync(Ct);
        await Us.Client.SendTextAsync(new("3EB0000000000000000002", Ana.Number, "two"), Ct);
        await Us.Client.SendTextAsync(new("3EB0000000000000000003", Ana.Number, "three"), Ct);
        Assert.Single(WhatsApp.Recorder.Stanzas, IsIssue);
    }

    [Fact]
    public async Task Reading_is_told_to_the_sender_only_when_the_accounts_privacy_allows_it()
    {
        var id = Ana.SendText(Shop, "read me");
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
        await Us.Client.MarkReadAsync(Ana.Number, null, [id], isPlayed: true, Ct);
        await WaitForAsync(Ana, () => Ana.Receipts.Any(r => r.MessageId == id && r.Type == "played"));
        WhatsApp.Rules.ReadReceipts = "none";
        await Us.RestartAsync(Ct);
        await Us.Client.MarkReadAsync(Ana.Number, [id], Ct);
        var receipt = await WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "receipt" && s.Node["type"]?.StartsWith("read", StringComparison.Ordinal) == true, Ct);
        Assert.Equal("read-self", receipt.Node["type"]);
    }

    private bool IsIssue(RecordedStanza stanza) => stanza.IsFromClient && stanza.Device == Us.Client.Me?.Phone && stanza.Node.Tag == "iq" && stanza.Node["xmlns"] == "privacy" && stanza.Node.Child("tokens") is not null;

    private async Task<Node> SentAsync(string id) => (await WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "message" && s.Node["id"] == id, Ct)).Node;
}
