using Footbridge.Engine.AppState;
using Footbridge.Engine.Events;
using Footbridge.Engine.Store;
using Footbridge.Protocol.AppState;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.SystemTests.Engine;

public sealed class AppStateTests : IAsyncLifetime
{
    private static readonly Jid Ana = new("5511900000001", JidServer.User);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _timeout = new(Patience);
    private WhatsAppSimulator _whatsApp = null!;
    private FakePhone _phone = null!;
    private SocketsHttpHandler _handler = null!;
    private LinkedAccount _us = null!;

    private CancellationToken Ct => _timeout.Token;

    private SimAppState Server => _whatsApp.FindDevice(_phone.Number)!.Account.AppState;

    private SimDevice OurDevice => _whatsApp.FindDevice(_us.Client.Me!.Phone)!;

    public async ValueTask InitializeAsync()
    {
        _whatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);
        _phone = _whatsApp.AddAccount("5511900000099", "Shop");
        _handler = MediaTrust.Handler(_whatsApp);
        _us = new(_whatsApp, _phone, options => options with { MediaHandler = _handler, ChatHistory = new OneMessage(), FirstKeysPatience = TimeSpan.FromSeconds(1) });
    }

    public async ValueTask DisposeAsync()
    {
        await _us.DisposeAsync();
        await _whatsApp.DisposeAsync();
        _handler.Dispose();
        _timeout.Dispose();
    }

    [Fact]
    public async Task What_the_phone_had_before_it_was_linked_is_told_once()
    {
        _phone.AppState.SaveContact(Ana, "Ana Example", new Jid("777", JidServer.Lid));
        _phone.AppState.Pin(Ana, true);
        _phone.AppState.SaveLabel("3", "Paid", 5);
        await _us.PairAsync(Ct);
        var contact = await _us.Store.WaitAsync<ContactUpdated>(c => c.FullName == "Ana Example", Ct);
        Assert.Equal((Ana, new Jid("777", JidServer.Lid)), (contact.Person.Phone, contact.Person.Lid));
        Assert.Equal(new Jid("777", JidServer.Lid), await _us.Client.FindTwinAsync(Ana, Ct));
        await WaitChatAsync(new ChatChange.Pinned(true));
        Assert.Equal("Paid", (await _us.Store.WaitAsync<LabelUpdated>(l => l.LabelId == "3", Ct)).Name);
        await _us.RestartAsync(Ct);
        _phone.AppState.Archive(Ana, true);
        await WaitChatAsync(new ChatChange.Archived(true));
        Assert.Equal(4, AppStateEvents().Count);
    }

    [Fact]
    public async Task What_is_done_on_the_phone_is_told_as_it_happens()
    {
        await SyncedAsync();
        var until = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
        _phone.AppState.Do(SyncActions.Mute, [Ana.ToString()], new() { MuteAction = new() { Muted = true, MuteEndTimestamp = until.ToUnixTimeMilliseconds() } });
        await WaitChatAsync(new ChatChange.Muted(until));
        _phone.AppState.Do(SyncActions.Mute, [Ana.ToString()], new() { MuteAction = new() { Muted = true, MuteEndTimestamp = -1 } });
        await WaitChatAsync(new ChatChange.Muted(DateTimeOffset.MaxValue));
        _phone.AppState.Do(SyncActions.MarkChatAsRead, [Ana.ToString()], new() { MarkChatAsReadAction = new() { Read = false } });
        await WaitChatAsync(new ChatChange.Read(false));
        _phone.AppState.Do(SyncActions.Star, [Ana.ToString(), "3EB01", "0", "0"], new() { StarAction = new() { Starred = true } });
        var starred = await _us.Store.WaitAsync<MessageStarred>(m => m.MessageId == "3EB01", Ct);
        Assert.Equal((true, false), (starred.IsStarred, starred.IsFromMe));
        _phone.AppState.Do(SyncActions.DeleteMessageForMe, [Ana.ToString(), "3EB02", "1", "0"], new() { DeleteMessageForMeAction = new() });
        Assert.True((await _us.Store.WaitAsync<MessageDeletedForMe>(m => m.MessageId == "3EB02", Ct)).IsFromMe);
        _phone.AppState.Do(SyncActions.ClearChat, [Ana.ToString(), "1", "0"], new() { ClearChatAction = new() });
        await WaitChatAsync(new ChatChange.Cleared());
        _phone.AppState.Do(SyncActions.DeleteChat, [Ana.ToString(), "1"], new() { DeleteChatAction = new() });
        await WaitChatAsync(new ChatChange.Deleted());
        _phone.AppState.Do(SyncActions.LabelJid, ["3", Ana.ToString()], new() { LabelAssociationAction = new() { Labeled = true } });
        Assert.True((await _us.Store.WaitAsync<LabelAssigned>(l => l.LabelId == "3", Ct)).IsAssigned);
        _phone.AppState.Do(SyncActions.PushName, [], new() { PushNameSetting = new() { Name = "New Shop" } });
        await _us.WaitAsync(s => s is Footbridge.Engine.ConnectionState.Online { Me.PushName: "New Shop" }, Ct);
    }

    [Fact]
    public async Task What_is_done_here_is_shown_on_the_phone_and_comes_back_as_an_event()
    {
        await SyncedAsync();
        await _us.Client.AppState.PinAsync(Ana, true, Ct);
        Assert.True(_phone.AppState.Find(SyncActions.Pin, Ana.ToString())!.PinAction.Pinned);
        await _us.Client.AppState.ArchiveAsync(Ana, true, Ct);
        var archived = _phone.AppState.Find(SyncActions.Archive, Ana.ToString())!.ArchiveChatAction;
        Assert.Equal((true, "LAST", 1_700_000_000L), (archived.Archived, archived.MessageRange.Messages.Single().Key.Id, archived.MessageRange.LastMessageTimestamp));
        Assert.False(_phone.AppState.Find(SyncActions.Pin, Ana.ToString())!.PinAction.Pinned);
        await _us.Client.AppState.MuteAsync(Ana, DateTimeOffset.MaxValue, Ct);
        Assert.Equal(-1, _phone.AppState.Find(SyncActions.Mute, Ana.ToString())!.MuteAction.MuteEndTimestamp);
        await _us.Client.AppState.MarkReadAsync(Ana, false, Ct);
        Assert.False(_phone.AppState.Find(SyncActions.MarkChatAsRead, Ana.ToString())!.MarkChatAsReadAction.Read);
        await _us.Client.AppState.StarAsync(Ana, "3EB01", true, null, true, Ct);
        Assert.True(_phone.AppState.Find(SyncActions.Star, Ana.ToString(), "3EB01", "1", "0")!.StarAction.Starred);
        await _us.Client.AppState.SaveContactAsync(Ana, "Ana Maria", "Ana", true, Ct);
        Assert.Equal("Ana Maria", _phone.AppState.Find(SyncActions.Contact, Ana.ToString())!.ContactAction.FullName);
        await _us.Client.AppState.SaveLabelAsync("7", "New", 2, Ct);
        await _us.Client.AppState.LabelChatAsync(Ana, ["7"], [], Ct);
        Assert.True(_phone.AppState.Find(SyncActions.LabelJid, "7", Ana.ToString())!.LabelAssociationAction.Labeled);
        await WaitChatAsync(new ChatChange.Archived(true));
        Assert.Equal("Ana Maria", (await _us.Store.WaitAsync<ContactUpdated>(c => c.Person.Phone == Ana, Ct)).FullName);
        Assert.Empty(Server.Rejected);
    }

    [Fact]
    public async Task A_change_built_on_an_old_version_is_built_again_on_what_others_did()
    {
        await SyncedAsync();
        for (var i = 0; i < 3; i++) _phone.AppState.Do(SyncActions.Pin, [$"55119000000{i}2@s.whatsapp.net"], new() { PinAction = new() { Pinned = true } }, isTold: false);
        await _us.Client.AppState.PinAsync(Ana, true, Ct);
        Assert.True(_phone.AppState.Find(SyncActions.Pin, Ana.ToString())!.PinAction.Pinned);
        Assert.Equal(4UL, Server.VersionOf(SyncCollections.RegularLow));
        Assert.Equal(4, _us.Store.Events.OfType<ChatUpdated>().Count(c => c.Change is ChatChange.Pinned { IsPinned: true }));
    }

    [Fact]
    public async Task More_patches_than_fit_one_answer_are_all_fetched()
    {
        Server.PatchesPerAnswer = 2;
        for (var i = 0; i < 7; i++) _phone.AppState.SaveLabel($"{i}", $"label {i}", i);
        await _us.PairAsync(Ct);
        await _us.Store.WaitAsync<LabelUpdated>(l => l.LabelId == "6", Ct);
        Assert.Equal(7, _us.Store.Events.OfType<LabelUpdated>().Count());
    }

    [Fact]
    public async Task A_snapshot_is_fetched_from_the_media_host_and_what_it_lacks_is_gone()
    {
        _phone.AppState.SaveContact(Ana, "Ana Example");
        _phone.AppState.SaveContact(new("5511900000002", JidServer.User), "Bruno Example");
        _phone.AppState.MakeSnapshot(SyncCollections.CriticalUnblockLow);
        await _us.PairAsync(Ct);
        await _us.Store.WaitAsync<ContactUpdated>(c => c.FullName == "Bruno Example", Ct);
        await _us.Client.StopAsync(Ct);
        _phone.AppState.Do(SyncActions.Contact, [Ana.ToString()], new(), isSet: false, isTold: false);
        _phone.AppState.MakeSnapshot(SyncCollections.CriticalUnblockLow);
        await _us.RestartAsync(Ct, () => _us.Store.DeleteAll(StateKind.AppStateCollection));
        await _us.Store.WaitAsync<ContactUpdated>(c => c.Person.Phone == Ana && c.FullName == "", Ct);
        Assert.Single(_us.Store.Events.OfType<ContactUpdated>(), c => c.FullName == "Bruno Example");
    }

    [Fact]
    public async Task A_patch_that_does_not_fit_is_fetched_again_from_the_start_and_told_once()
    {
        await SyncedAsync();
        _phone.AppState.Pin(Ana, true);
        await WaitChatAsync(new ChatChange.Pinned(true));
        var broken = 0;
        _whatsApp.Faults.BreaksAppState = name => name == SyncCollections.RegularLow && Interlocked.Increment(ref broken) == 1;
        _phone.AppState.Archive(Ana, true);
        await WaitChatAsync(new ChatChange.Archived(true));
        Assert.Empty(_phone.AppState.Asked);
    }

    [Fact]
    public async Task A_collection_that_never_fits_is_taken_from_the_phone_itself_and_goes_on_from_there()
    {
        await SyncedAsync();
        _whatsApp.Faults.BreaksAppState = name => name == SyncCollections.RegularLow;
        _phone.AppState.Pin(Ana, true);
        await WaitChatAsync(new ChatChange.Pinned(true));
        Assert.Contains(SyncCollections.RegularLow, _phone.AppState.Asked);
        _whatsApp.Faults.BreaksAppState = null;
        _phone.AppState.Archive(Ana, true);
        await WaitChatAsync(new ChatChange.Archived(true));
        await _us.Client.AppState.PinAsync(Ana, false, Ct);
        Assert.Empty(Server.Rejected);
    }

    [Fact]
    public async Task A_key_that_is_missing_is_asked_for_once_and_the_change_is_told_when_it_comes()
    {
        await SyncedAsync();
        _phone.AppState.AnswersRequests = false;
        _phone.AppState.NewKey();
        _phone.AppState.Pin(Ana, true);
        await WaitAsync(_phone, () => _phone.AppState.Asked.Count > 0);
        _phone.AppState.Archive(Ana, true);
        _phone.AppState.ShareKeys(OurDevice, again: true);
        await WaitChatAsync(new ChatChange.Pinned(true));
        await WaitChatAsync(new ChatChange.Archived(true));
        Assert.Equal(["000000000002"], _phone.AppState.Asked);
        // What is written from now on is sealed with the newest key.
        await _us.Client.AppState.PinAsync(Ana, false, Ct);
        Assert.False(_phone.AppState.Find(SyncActions.Pin, Ana.ToString())!.PinAction.Pinned);
    }

    [Fact]
    public async Task Without_any_key_a_change_is_refused_with_what_to_do()
    {
        _phone.AppState.SharesKeys = false;
        await _us.PairAsync(Ct);
        var refused = await Assert.ThrowsAsync<AppStateUnavailableException>(() => _us.Client.AppState.PinAsync(Ana, true, Ct));
        Assert.Contains("open WhatsApp on the phone", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_action_nobody_knows_is_kept_and_stops_nothing()
    {
        await SyncedAsync();
        _phone.AppState.Do(new("of_the_future", SyncCollections.RegularLow, 1, 1), ["x"], new());
        _phone.AppState.Pin(Ana, true);
        await WaitChatAsync(new ChatChange.Pinned(true));
        Assert.Equal(2, (await _us.Store.ListAsync(StateKind.AppStateRecord, SyncCollections.RegularLow + "/", 10, Ct)).Count);
    }

    private async Task SyncedAsync()
    {
        await _us.PairAsync(Ct);
        await _us.Store.WaitForAsync(StateKind.AppStateCollection, SyncCollections.RegularLow, Ct);
    }

    private Task<ChatUpdated> WaitChatAsync(ChatChange change) => _us.Store.WaitAsync<ChatUpdated>(c => c.Chat.Address == Ana && c.Change == change, Ct);

    private List<EngineEvent> AppStateEvents() => [.. _us.Store.Events.Where(e => e.Id.StartsWith("appstate:", StringComparison.Ordinal))];

    private async Task WaitAsync(FakePhone phone, Func<bool> condition)
    {
        var changed = new SemaphoreSlim(0);
        phone.Changed += () => changed.Release();
        while (!condition()) await changed.WaitAsync(Ct);
    }

    private sealed class OneMessage : IChatHistory
    {
        public ValueTask<LastMessage?> LastMessageAsync(Party chat, CancellationToken ct) =>
            new(new LastMessage("LAST", false, null, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)));
    }
}
