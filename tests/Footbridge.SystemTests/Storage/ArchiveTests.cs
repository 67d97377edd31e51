using Footbridge.Engine.Events;
using Footbridge.Jobs.Sqlite;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;
using Footbridge.Server.Storage.Archive;
using Footbridge.SystemTests.Jobs;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;

namespace Footbridge.SystemTests.Storage;

/// <summary>What the archive makes of events, in whatever order they come.</summary>
public sealed class ArchiveTests : IAsyncLifetime
{
    private const string Shop = "shop";
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Jid Phone = new("5511900000001", JidServer.User);
    private static readonly Jid Lid = new("100000000000001", JidServer.Lid);
    private static readonly Jid OtherLid = new("100000000000002", JidServer.Lid);
    private static readonly Jid Group = new("120363000000000001", JidServer.Group);
    private readonly TempFolder _folder = new();
    private readonly Settings _settings = new();
    private SqliteDatabase _database = null!;
    private ArchiveWriter _writer = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private MessageArchive Messages => new(_database);

    private ChatArchive Chats => new(_database);

    private IReadOnlyList<ArchivedChat> AllChats => Chats.List(Shop, ChatOrder.LastMessage, new(null, 0, true));

    public async ValueTask InitializeAsync()
    {
        _database = SqliteDatabase.Open(_folder.File("footbridge.db"));
        await Schema.MigrateAsync(_database, Ct);
        _writer = new(new(_database), _settings);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_person_known_by_phone_and_by_lid_becomes_one_when_whatsapp_says_so_and_not_before()
    {
        await TakeAsync(Text("A", By(Phone), "by phone", 1), Text("B", By(Lid), "by lid", 2));
        Assert.Equal(2, AllChats.Count);
        await TakeAsync(Text("C", Both(Phone, Lid), "by both", 3));
        var chat = Assert.Single(AllChats);
        Assert.Equal((3, "5511900000001@c.us"), (chat.Unread, WahaIds.ChatId(chat.Chat)));
        foreach (var address in new[] { Phone, Lid, new Jid("5511900000001", JidServer.Legacy) })
        {
            Assert.Equal(["by both", "by lid", "by phone"], Texts(Messages.OfChat(Shop, address, MessageFilter.None, new(10, 0, true))));
        }
    }

    [Fact]
    public async Task A_message_that_came_under_both_addresses_is_there_once_after_they_became_one()
    {
        await TakeAsync(Text("A", By(Phone), "hello", 1), Text("A", By(Lid), "hello", 1), Text("B", Both(Phone, Lid), "more", 2));
        Assert.Equal(["more", "hello"], Texts(Messages.OfAll(Shop, MessageFilter.None, new(10, 0, true))));
    }

    [Fact]
    public async Task A_number_that_changed_hands_takes_nothing_of_its_former_owner_along()
    {
        await TakeAsync(Text("A", Both(Phone, Lid), "the former owner", 1), Text("B", Both(Phone, OtherLid), "the new one", 2));
        Assert.Equal(["the new one"], Texts(Messages.OfChat(Shop, Phone, MessageFilter.None, new(10, 0, true))));
        Assert.Equal(["the former owner"], Texts(Messages.OfChat(Shop, Lid, MessageFilter.None, new(10, 0, true))));
        await TakeAsync(Text("C", Both(new("5511900000077", JidServer.User), Lid), "with my new number", 3));
        Assert.Equal(["with my new number", "the former owner"], Texts(Messages.OfChat(Shop, Lid, MessageFilter.None, new(10, 0, true))));
    }

    [Fact]
    public async Task An_edit_changes_the_text_under_the_old_id_and_only_its_author_can_make_it()
    {
        await TakeAsync(Text("A", By(Phone), "teh", 1), Edit("B", By(Phone), "A", "the", 2, isFromMe: true), Edit("C", By(Phone), "A", "the", 3));
        var message = Assert.Single(Messages.OfAll(Shop, MessageFilter.None, new(10, 0, true)));
        Assert.Equal(("A", "the", Start.AddSeconds(3)), (message.Message.MessageId, message.Message.Content.Conversation, message.EditedAt));
        var inGroup = Text("G", By(Group), "mine", 4) with { Sender = By(Lid) };
        await TakeAsync(inGroup, Edit("H", By(Group), "G", "not yours", 5) with { Sender = By(OtherLid) });
        Assert.Equal("mine", (await Messages.FindAsync(Shop, Group, "G", Ct))!.Content.Conversation);
    }

    [Fact]
    public async Task A_changed_caption_leaves_the_picture_as_it_is()
    {
        var picture = Text("A", By(Phone), "", 1) with { Content = new() { ImageMessage = new() { Url = "https://media.example/1", Caption = "teh" } } };
        await TakeAsync(picture, Edit("B", By(Phone), "A", "", 2) with { Content = EditContent("A", new() { ImageMessage = new() { Caption = "the" } }) });
        var image = (await Messages.FindAsync(Shop, Phone, "A", Ct))!.Content.ImageMessage;
        Assert.Equal(("https://media.example/1", "the"), (image.Url, image.Caption));
    }

    [Fact]
    public async Task What_its_author_took_back_is_gone_and_nobody_else_can_take_it_back()
    {
        await TakeAsync(Text("A", By(Phone), "oops", 1), Revoke("B", By(Phone), "A", 2, isFromMe: true));
        Assert.Equal("oops", (await Messages.FindAsync(Shop, null, "A", Ct))!.Content.Conversation);
        await TakeAsync(Revoke("C", By(Phone), "A", 3));
        Assert.Null(await Messages.FindAsync(Shop, null, "A", Ct));
        var message = Messages.Find(Shop, null, "false_5511900000001@c.us_A")!;
        Assert.Equal((ArchiveState.Revoked, 0), (message.State, message.Message.Content.CalculateSize()));
        Assert.Equal(0, Assert.Single(AllChats).Unread);
    }

    [Fact]
    public async Task Receipts_raise_a_messages_level_and_never_lower_it()
    {
        await TakeAsync(Text("A", Both(Phone, Lid), "hello", 1, isFromMe: true), Ack("A", By(Lid), AckLevel.Read, 3), Ack("A", By(Phone), AckLevel.Device, 2), Ack("A", By(Phone), AckLevel.Error, 2));
        Assert.Equal(AckLevel.Read, Assert.Single(Messages.OfAll(Shop, MessageFilter.None, new(1, 0, true))).Ack);
        Assert.Empty(Messages.OfAll(Shop, new(Ack: AckLevel.Device), new(1, 0, true)));
    }

    [Fact]
    public async Task What_is_read_on_the_phone_is_read_here_and_what_came_later_is_not()
    {
        await TakeAsync(Text("A", By(Phone), "1", 1), Text("B", By(Phone), "2", 2), Text("C", By(Phone), "3", 3), Ack("B", By(Phone), AckLevel.Read, 4) with { IsFromMe = false });
        Assert.Equal(["3"], Texts(Messages.Unread(Shop, Phone, Start, 10)));
        await TakeAsync(new ChatUpdated("e", Start.AddSeconds(5), By(Phone), new ChatChange.Read(true)));
        Assert.Equal(0, Assert.Single(AllChats).Unread);
    }

    [Fact]
    public async Task A_message_that_could_not_be_opened_is_there_without_its_text_until_it_can()
    {
        await TakeAsync(new MessageWaiting("w", Start.AddSeconds(1), "A", By(Phone), By(Phone), false, "Ana", "no session"));
        Assert.Equal(ArchiveState.Waiting, Assert.Single(Messages.OfAll(Shop, MessageFilter.None, new(10, 0, true))).State);
        await TakeAsync(Text("A", By(Phone), "hello", 1), Text("A", By(Phone), "hello again", 1));
        Assert.Equal(["hello"], Texts(Messages.OfAll(Shop, MessageFilter.None, new(10, 0, true))));
        Assert.Equal(1, Assert.Single(AllChats).Unread);
    }

    [Fact]
    public async Task The_past_fills_in_and_changes_nothing_that_was_seen_as_it_happened()
    {
        await TakeAsync(
            Text("B", By(Phone), "seen", 20), new ChatUpdated("e", Start, By(Phone), new ChatChange.Archived(true)), new ContactUpdated("c", Start, By(Phone), PushName: "Ana"));
        var past = new HistoryChat(By(Phone), "Old name", 1, false, true, null, 0, Start.AddSeconds(20),
            [Past("B", "from the past", 20), Past("A", "older", 10), Past("X", "", 11) with { Content = new() { ReactionMessage = new() } }]);
        await TakeAsync(new HistoryReceived("h", Start, "RECENT", 100, [past], [new(By(Phone), "Former"), new(By(Lid), "Lia")]));
        Assert.Equal(["seen", "older"], Texts(Messages.OfAll(Shop, MessageFilter.None, new(10, 0, true))));
        var chat = Assert.Single(AllChats);
        Assert.Equal(("Ana", true, false), (chat.Name, chat.IsArchived, chat.IsPinned));
        Assert.Equal(["Lia", "Ana"], Chats.Contacts(Shop, ChatOrder.Id, new(null, 0, false)).Select(contact => contact.PushName));
    }

    [Fact]
    public async Task The_pasts_unread_messages_are_the_newest_ones_whatever_the_slices()
    {
        HistoryChat Slice(params HistoryMessage[] messages) => new(By(Phone), null, 2, false, false, null, 0, null, messages);
        await TakeAsync(new HistoryReceived("h1", Start, "RECENT", 50, [Slice(Past("D", "4", 4), Past("C", "3", 3), Past("M", "mine", 5) with { IsFromMe = true })], []));
        await TakeAsync(new HistoryReceived("h2", Start, "RECENT", 100, [Slice(Past("B", "2", 2), Past("A", "1", 1))], []));
        Assert.Equal(["4", "3"], Texts(Messages.Unread(Shop, Phone, Start, 10)));
    }

    [Fact]
    public async Task A_chat_that_was_cleared_or_deleted_loses_what_was_there_then_and_keeps_what_came_after()
    {
        await TakeAsync(Text("A", By(Phone), "old", 1), Text("B", By(Phone), "new", 9), new ChatUpdated("e", Start.AddSeconds(5), By(Phone), new ChatChange.Deleted()));
        Assert.Equal(["new"], Texts(Messages.OfAll(Shop, MessageFilter.None, new(10, 0, true))));
        await TakeAsync(new MessageDeletedForMe("d", Start, By(Phone), "B", false), new ChatUpdated("f", Start.AddSeconds(10), By(Phone), new ChatChange.Deleted()));
        Assert.Empty(AllChats);
    }

    [Fact]
    public async Task Messages_are_found_by_time_author_and_level_in_both_orders_and_by_page()
    {
        await TakeAsync([.. Enumerable.Range(1, 20).Select(i => Text($"M{i:D2}", By(i % 4 == 0 ? Group : Phone), $"{i}", i, isFromMe: i % 2 == 0) with { Sender = By(Lid) })]);
        Assert.Equal(["5", "7", "9"], Texts(Messages.OfChat(Shop, Phone, new(Start.AddSeconds(5).ToUnixTimeSeconds(), Start.AddSeconds(10).ToUnixTimeSeconds(), IsFromMe: false), new(10, 0, false))));
        Assert.Equal(["16", "14"], Texts(Messages.OfAll(Shop, new(IsFromMe: true, Ack: AckLevel.Server), new(2, 2, true))));
        Assert.Equal(["20", "16", "12", "8", "4"], Texts(Messages.OfChat(Shop, Group, MessageFilter.None, new(null, 0, true))));
        Assert.Equal("20", Messages.LastOf(AllChats[0].Row)!.Message.Content.Conversation);
        Assert.Empty(Messages.OfAll("another", MessageFilter.None, new(10, 0, true)));
    }

    [Fact]
    public async Task Ignored_kinds_of_chats_are_not_kept()
    {
        _settings.Ignore.Groups = true;
        await TakeAsync(Text("A", By(Group), "group", 1), Text("B", By(Jid.Status), "status", 2), Text("C", By(Phone), "person", 3));
        Assert.Equal(["person", "status"], Texts(Messages.OfAll(Shop, MessageFilter.None, new(10, 0, true))));
    }

    [Fact]
    public async Task A_group_is_called_by_its_subject_and_somebody_by_the_name_its_owner_saved()
    {
        await TakeAsync(
            Text("A", By(Group), "hello", 1) with { Sender = By(Lid), PushName = "Lia" }, new GroupUpdated("g", Start, Group, new() { Subject = "Team" }, null),
            Text("B", By(Phone), "hello", 2) with { PushName = "ana" });
        Assert.Equal(["ana", "Team"], AllChats.Select(chat => chat.Name));
        await TakeAsync(new ContactUpdated("c", Start, Both(Phone, OtherLid), FullName: "Ana Example"), new ContactUpdated("d", Start, By(OtherLid), PushName: ""));
        Assert.Equal(["Ana Example", "Team"], AllChats.Select(chat => chat.Name));
        var ana = Chats.FindContact(Shop, OtherLid)!;
        Assert.Equal(("Ana Example", null), (ana.FullName, ana.PushName));
        Assert.Equal("Lia", Chats.FindContact(Shop, Lid)!.PushName);
    }

    [Fact]
    public async Task Reactions_and_votes_are_no_messages()
    {
        await TakeAsync(
            Text("A", By(Phone), "", 1) with { Content = new() { ReactionMessage = new() { Text = "👍" } } },
            Text("B", By(Phone), "", 1) with { Content = new() { PollUpdateMessage = new() } });
        Assert.Empty(AllChats);
    }

    [Fact]
    public async Task Old_messages_go_when_a_limit_is_set_and_a_session_that_is_unlinked_forgets_all()
    {
        await TakeAsync([.. Enumerable.Range(1, 1200).Select(i => Text($"M{i}", By(Phone), $"{i}", i))]);
        Assert.Equal(1100, await Messages.SweepAsync(Shop, Start.AddSeconds(1101), Ct));
        Assert.Equal(100, Messages.OfAll(Shop, MessageFilter.None, new(null, 0, true)).Count);
        await Messages.EraseAsync(Shop, Ct);
        Assert.Empty(AllChats);
        Assert.Empty(Messages.OfAll(Shop, MessageFilter.None, new(null, 0, true)));
    }

    private static Party By(Jid jid) => new(jid, jid.IsPhone ? jid : null, jid.IsLid ? jid : null);

    private static Party Both(Jid phone, Jid lid) => new(lid, phone, lid);

    private static MessageReceived Text(string id, Party chat, string text, int second, bool isFromMe = false) =>
        new($"message:{id}", Start.AddSeconds(second), id, chat, chat, isFromMe, null, new() { Conversation = text }, false);

    private static MessageReceived Edit(string id, Party chat, string target, string text, int second, bool isFromMe = false) =>
        Text(id, chat, "", second, isFromMe) with { Content = EditContent(target, new() { Conversation = text }) };

    private static Message EditContent(string target, Message content) =>
        new() { ProtocolMessage = new() { Type = ProtocolType.MessageEdit, Key = new() { Id = target }, EditedMessage = content } };

    private static MessageReceived Revoke(string id, Party chat, string target, int second, bool isFromMe = false) =>
        Text(id, chat, "", second, isFromMe) with { Content = new() { ProtocolMessage = new() { Type = ProtocolType.Revoke, Key = new() { Id = target } } } };

    private static MessageAcked Ack(string id, Party chat, AckLevel level, int second) => new($"ack:{id}:{level}", Start.AddSeconds(second), id, chat, chat, true, level, null);

    private static HistoryMessage Past(string id, string text, int second) => new(id, By(Phone), false, Start.AddSeconds(second), null, new() { Conversation = text }, null);

    private static IEnumerable<string> Texts(IEnumerable<ArchivedMessage> messages) => messages.Select(message => message.Message.Content.Conversation);

    private Task TakeAsync(params EngineEvent[] events) => _database.WriteAsync(
        c =>
        {
            foreach (var one in events) _writer.Apply(c, Shop, one);
        },
        Ct);
}
