using Footbridge.Engine.Channels;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Events;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.SystemTests.Engine;

/// <summary>Channels: owned by us and followed by Ana, and the other way round.</summary>
public sealed class ChannelTests : GroupTest
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_channel_is_made_found_followed_and_muted_with_whichever_documents_the_server_knows(int outdated)
    {
        var hidden = new[] { ChannelDocuments.Create("", null, null), ChannelDocuments.SetMuted(Jid.Service, true), ChannelDocuments.SetMuted(Jid.Service, false) }.SelectMany(v => v.Take(outdated))
            .Concat(new[] { ChannelDocuments.Fetch("", ""), ChannelDocuments.ListFollowed(), ChannelDocuments.Follow(Jid.Service), ChannelDocuments.Unfollow(Jid.Service) }.SelectMany(v => v.Take(Math.Min(outdated, 1))))
            .Select(version => version.Number).ToHashSet();
        WhatsApp.Rules.KnowsDocument = number => !hidden.Contains(number);
        var ours = await Channels.CreateAsync("News", "What is new", [1, 2, 3], Ct);
        Assert.Equal(("News", "What is new", ChannelRole.Owner, 1L, false), (ours.Name, ours.Description, ours.Role, ours.Subscribers, ours.IsVerified));
        Assert.NotNull(ours.Picture);
        var theirs = Ana.Channels.Create("Ana's");
        var guest = await Channels.GetAsync(theirs, Ct);
        Assert.Equal(("Ana's", ChannelRole.Guest), (guest.Name, guest.Role));
        await Channels.FollowAsync(theirs, Ct);
        await Channels.SetMutedAsync(theirs, true, Ct);
        Assert.Equal([(ours.Id, ChannelRole.Owner, false), (theirs, ChannelRole.Subscriber, true)], (await Channels.ListAsync(Ct)).OrderBy(c => c.Id.User, StringComparer.Ordinal).Select(c => (c.Id, c.Role, c.IsMuted!.Value)));
        await Channels.SetMutedAsync(theirs, false, Ct);
        Assert.False((await Channels.GetByInviteAsync(guest.InviteCode!, Ct)).IsMuted);
        await Channels.UnfollowAsync(theirs, Ct);
        Assert.Equal(ours.Id, Assert.Single(await Channels.ListAsync(Ct)).Id);
    }

    [Fact]
    public async Task What_the_server_refuses_is_refused_in_its_own_words_and_not_tried_with_older_documents()
    {
        var theirs = Ana.Channels.Create("Ana's");
        var refusal = await Assert.ThrowsAsync<QueryFailedException>(() => Channels.UpdateAsync(theirs, "Mine", null, null, Ct));
        Assert.Equal((403, "forbidden"), (refusal.Code, refusal.Text));
        Assert.Single(Sent("iq"), iq => iq["xmlns"] == "w:mex");
        var missing = await Assert.ThrowsAsync<QueryFailedException>(() => Channels.GetAsync(new("120363499999999999", JidServer.Newsletter), Ct));
        Assert.Equal((404, "newsletter not found"), (missing.Code, missing.Text));
    }

    [Fact]
    public async Task The_owner_renames_and_deletes_a_channel()
    {
        var channel = (await Channels.CreateAsync("News", null, null, Ct)).Id;
        Assert.Equal(("Late news", "more"), await Channels.UpdateAsync(channel, "Late news", "more", null, Ct) is var renamed ? (renamed.Name, renamed.Description) : default);
        await Channels.DeleteAsync(channel, Ct);
        Assert.Empty(await Channels.ListAsync(Ct));
    }

    [Fact]
    public async Task The_directory_is_searched_part_by_part()
    {
        foreach (var name in new[] { "Cooking one", "Cooking two", "Cooking three", "Sports" }) Ana.Channels.Create(name);
        var first = await Channels.SearchAsync("cooking", new([], 2, null), Ct);
        Assert.Equal((2, true, false), (first.Channels.Count, first.HasNext, first.HasPrevious));
        var second = await Channels.SearchAsync("cooking", new([], 2, first.EndCursor), Ct);
        Assert.Equal(("Cooking three", false, true), (Assert.Single(second.Channels).Name, second.HasNext, second.HasPrevious));
        Assert.Equal(4, (await Channels.BrowseAsync("RECOMMENDED", ["US"], new([], 50, null), Ct)).Channels.Count);
    }

    [Fact]
    public async Task A_follower_reads_what_we_post_edit_and_take_back_and_our_secret_is_not_in_it()
    {
        var channel = await OwnAsync();
        var post = await SendAsync(channel, "first");
        var shown = await Ana.Incoming.ReadAsync(Ct);
        Assert.Equal((post, "first", channel, null), (shown.Id, shown.Text, shown.Chat, shown.Secret));
        await SendAsync(channel, ChangeContents.Edit(channel, new(post, true, null), "better", null, Now));
        Assert.Equal((post, "better"), await Ana.Incoming.ReadAsync(Ct) is var edited ? (edited.Id, edited.Text) : default);
        await SendAsync(channel, ChangeContents.Revoke(channel, new(post, true, null)));
        Assert.Equal((post, 0), await Ana.Incoming.ReadAsync(Ct) is var deleted ? (deleted.Id, deleted.Content.CalculateSize()) : default);
        Assert.Equal(["3", "8"], Sent("message").Where(m => m["id"] == post).Select(m => m["edit"]).OfType<string>());
        Assert.Equal(1, await Channels.FindServerIdAsync(channel, post, Ct));
    }

    [Fact]
    public async Task Edits_of_one_message_made_at_once_all_reach_its_followers()
    {
        var channel = await OwnAsync();
        var post = await SendAsync(channel, "first");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => SendAsync(channel, ChangeContents.Edit(channel, new(post, true, null), $"version {i}", null, Now))));
        var versions = new List<string>();
        for (var i = 0; i < 5; i++) versions.Add((await Ana.Incoming.ReadAsync(Ct)).Text);
        Assert.Equal(["first", "version 0", "version 1", "version 2", "version 3"], versions.Order());
    }

    [Fact]
    public async Task A_post_that_lost_its_ack_is_there_once_after_a_restart()
    {
        var channel = await OwnAsync();
        WhatsApp.Faults.FromClient = (_, node) => node.Tag == "message" ? new Fault.KillSocket() : null;
        var sending = SendAsync(channel, "again");
        await Assert.ThrowsAsync<NotOnlineException>(() => sending);
        WhatsApp.Faults.FromClient = null;
        Assert.Equal("again", (await Ana.Incoming.ReadAsync(Ct)).Text);
        Assert.Single(WhatsApp.Channels.Get(channel).Describe(Account, 10, null));
    }

    [Fact]
    public async Task A_reaction_names_the_message_by_its_number_and_is_counted_once()
    {
        var channel = Ana.Channels.Create("Ana's");
        await Channels.FollowAsync(channel, Ct);
        var post = await ReceiveAsync(Ana.Channels.PostText(channel, "hello"));
        await SendAsync(channel, ChangeContents.Reaction(channel, new(post.MessageId, false, null), "👍", Now));
        Assert.Equal(1, WhatsApp.Channels.Get(channel).CountReactions(1, "👍"));
        await SendAsync(channel, ChangeContents.Reaction(channel, new("1", false, null), "", Now));
        Assert.Equal(0, WhatsApp.Channels.Get(channel).CountReactions(1, "👍"));
        var unknown = await Assert.ThrowsAsync<SendFailedException>(() => SendAsync(channel, ChangeContents.Reaction(channel, new("3EB0FF", false, null), "👍", Now)));
        Assert.Equal("Unable to get server id for channel message", unknown.Message);
        await Assert.ThrowsAsync<SendFailedException>(() => SendAsync(channel, "not ours"));
    }

    [Fact]
    public async Task What_a_channel_posts_edits_and_takes_back_is_told_once_and_gets_a_plain_ack()
    {
        var channel = Ana.Channels.Create("Ana's");
        await Channels.FollowAsync(channel, Ct);
        var post = await ReceiveAsync(Ana.Channels.PostText(channel, "hello"));
        Assert.Equal((channel, channel, false, "hello"), (post.Chat.Address, post.Sender.Address, post.IsFromMe, post.Content.ExtendedTextMessage.Text));
        await WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "ack" && s.Node["class"] == "message" && s.Node["id"] == post.MessageId && s.Node["type"] is null, Ct);
        Ana.Channels.Edit(channel, post.MessageId, "hello all");
        var edit = (await Us.Store.WaitAsync<MessageReceived>(m => m.Content.ProtocolMessage?.EditedMessage is not null, Ct)).Content.ProtocolMessage;
        Assert.Equal((post.MessageId, "hello all"), (edit.Key.Id, edit.EditedMessage.ExtendedTextMessage.Text));
        Ana.Channels.Delete(channel, post.MessageId);
        var revoke = await Us.Store.WaitAsync<MessageReceived>(m => m.Content.ProtocolMessage?.Type == Message.Types.ProtocolMessage.Types.Type.Revoke && m.Content.ProtocolMessage.EditedMessage is null, Ct);
        Assert.Equal(post.MessageId, revoke.Content.ProtocolMessage.Key.Id);
        Assert.Empty(Us.Store.Events.OfType<MessageWaiting>());
        Assert.DoesNotContain(Sent("receipt"), receipt => receipt["id"] == post.MessageId);
    }

    [Fact]
    public async Task What_our_own_phone_posts_is_ours()
    {
        var channel = Us.Phone.Channels.Create("From the phone");
        var post = await ReceiveAsync(Us.Phone.Channels.PostText(channel, "by hand"));
        Assert.Equal((true, Us.Phone.Number, MessageOrigin.Elsewhere), (post.IsFromMe, post.Sender.Phone, post.Origin));
    }

    [Fact]
    public async Task Channels_followed_muted_and_renamed_elsewhere_are_told()
    {
        var channel = Ana.Channels.Create("Ana's");
        Us.Phone.Channels.Follow(channel);
        await WaitForAsync(channel, new ChatChange.Named("Ana's"));
        Us.Phone.Channels.SetMuted(channel, true);
        await WaitForAsync(channel, new ChatChange.Muted(DateTimeOffset.MaxValue));
        Us.Phone.Channels.SetMuted(channel, false);
        await WaitForAsync(channel, new ChatChange.Muted(null));
        Ana.Channels.Rename(channel, "Bea's");
        await WaitForAsync(channel, new ChatChange.Named("Bea's"));
    }

    [Fact]
    public async Task Messages_are_read_back_with_numbers_views_and_reactions()
    {
        var channel = Ana.Channels.Create("Ana's");
        var ids = Enumerable.Range(1, 3).Select(i => Ana.Channels.PostText(channel, $"post {i}")).ToList();
        Ana.Channels.React(channel, ids[2], "🎉");
        await Us.Client.MarkReadAsync(channel, ["2", "3"], Ct);
        // The server answers in order: after this query's answer it has taken the receipt.
        var posts = await Channels.MessagesAsync(channel, 2, null, Ct);
        Assert.Equal([(2L, ids[1], "post 2", 1L), (3L, ids[2], "post 3", 1L)], posts.Select(p => (p.ServerId, p.Id, p.Content!.ExtendedTextMessage.Text, p.Views)));
        Assert.Equal(new Dictionary<string, long> { ["🎉"] = 1 }, posts[1].Reactions);
        Assert.Equal(ids[0], Assert.Single(await Channels.MessagesAsync(channel, 10, 2, Ct)).Id);
        Assert.Equal(3, await Channels.FindServerIdAsync(channel, ids[2], Ct));
    }

    [Fact]
    public async Task Views_and_reactions_of_a_channel_that_is_watched_are_told_as_they_come()
    {
        var channel = Ana.Channels.Create("Ana's");
        var post = Ana.Channels.PostText(channel, "hello");
        Channels.Watch(channel);
        Channels.Watch(channel);
        await WhatsApp.Recorder.WaitAsync(s => !s.IsFromClient && s.Node.Tag == "iq" && s.Node.Child("live_updates") is not null, Ct);
        Ana.Channels.React(channel, post, "🎉");
        var reacted = await Us.Store.WaitAsync<ChannelCounted>(c => c.Channel == channel, Ct);
        Assert.Equal((1L, post, null, 0L, 1L), Assert.Single(reacted.Posts) is var told ? (told.ServerId, told.Id, told.Content, told.Views, told.Reactions["🎉"]) : default);
        await Us.Client.MarkReadAsync(channel, [post], Ct);
        await Us.Store.WaitAsync<ChannelCounted>(c => c.Posts is [{ Views: 1 }], Ct);
        Assert.Single(Sent("iq"), iq => iq.Child("live_updates") is not null);
        await WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "ack" && s.Node["class"] == "notification" && s.Node["type"] == "newsletter", Ct);
    }

    [Fact]
    public async Task A_file_in_clear_is_taken_by_its_hash_alone_and_only_from_channels()
    {
        byte[] jpeg = [0xFF, 0xD8, 1, 2, 3, 0xFF, 0xD9];
        var channel = Ana.Channels.Create("Ana's");
        await Channels.FollowAsync(channel, Ct);
        var post = await ReceiveAsync(Ana.Channels.Post(channel, Ana.Media.ClearImage(jpeg, "look")));
        var media = ArrivedMedia.Of(post)!;
        using var file = new MemoryStream();
        await Us.Client.Media.DownloadAsync(media, file, Ct);
        Assert.Equal(jpeg, file.ToArray());
        var other = media with { Reference = media.Reference with { FileSha256 = new byte[32] } };
        await Assert.ThrowsAsync<MediaCorruptException>(() => Us.Client.Media.DownloadAsync(other, new MemoryStream(), Ct));
        WhatsApp.Media.Expire(media.Reference.DirectPath!);
        await Assert.ThrowsAsync<MediaExpiredException>(() => Us.Client.Media.DownloadAsync(media, new MemoryStream(), Ct));
        Assert.DoesNotContain(Sent("receipt"), receipt => receipt["type"] == "server-error");
        Assert.Null(ArrivedMedia.Of(post with { Chat = new(Ana.Number, Ana.Number, Ana.Lid) }));
    }

    [Fact]
    public async Task A_sealed_file_is_not_published_where_nobody_has_its_key()
    {
        var sealedFile = await Us.Client.Media.UploadAsync(MediaKind.Image, new MemoryStream([1, 2, 3]), Ct);
        var channel = await OwnAsync();
        await Assert.ThrowsAsync<SendFailedException>(() => SendAsync(channel, MediaContent.Image(sealedFile, new("image/jpeg"))));
    }

    private ChannelsFeature Channels => Us.Client.Channels;

    private SimAccount Account => WhatsApp.FindDevice(Us.Phone.Number)!.Account;

    private async Task<Jid> OwnAsync()
    {
        var channel = (await Channels.CreateAsync("News", null, null, Ct)).Id;
        Ana.Channels.Follow(channel);
        return channel;
    }

    private async Task SendAsync(Jid channel, Message content) => await Us.Client.SendAsync(new(MessageIds.Random(), channel, content), Ct);

    private Task<ChatUpdated> WaitForAsync(Jid channel, ChatChange change) => Us.Store.WaitAsync<ChatUpdated>(u => u.Chat.Address == channel && u.Change == change, Ct);
}
