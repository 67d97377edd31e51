using System.Globalization;
using System.IO.Compression;
using Footbridge.Engine.Events;
using Footbridge.Engine.History;
using Footbridge.Engine.Media;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Media;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.Simulator.WhatsApp.State;
using Footbridge.SystemTests.Jobs;
using Google.Protobuf;

namespace Footbridge.SystemTests.Engine;

public sealed class HistoryTests : IAsyncLifetime
{
    private const long Noon = 1_700_000_000;
    private static readonly Jid Ana = new("5511900000001", JidServer.User);
    private static readonly Jid AnaLid = new("777", JidServer.Lid);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _timeout = new(Patience);
    private WhatsAppSimulator _whatsApp = null!;
    private FakePhone _phone = null!;
    private SocketsHttpHandler _handler = null!;
    private LinkedAccount _us = null!;

    private CancellationToken Ct => _timeout.Token;

    private SimDevice Device => _whatsApp.FindDevice(_us.Client.Me!.Phone)!;

    public async ValueTask InitializeAsync()
    {
        _whatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);
        _phone = _whatsApp.AddAccount("5511900000099", null);
        _handler = MediaTrust.Handler(_whatsApp);
        // The folder is not there yet, as at a first start.
        var media = new MediaOptions { ScratchFolder = new TempFolder().File("scratch"), RetryDelay = TimeSpan.FromMilliseconds(1), DownloadAttempts = 1 };
        _us = new(_whatsApp, _phone, options => options with { MediaHandler = _handler, Media = media });
        await _us.PairAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _us.DisposeAsync();
        await _whatsApp.DisposeAsync();
        _handler.Dispose();
        _timeout.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_part_of_the_past_comes_with_its_chats_names_pairs_tokens_and_secrets(bool isInline)
    {
        var chat = PhoneHistory.Chat(AnaLid, PhoneHistory.Text(AnaLid, "A1", false, Noon, "hello", "Ana Example"), PhoneHistory.Text(AnaLid, "A2", true, Noon + 1, "hi"));
        (chat.UnreadCount, chat.Archived, chat.Pinned, chat.Name, chat.EphemeralExpiration, chat.TcToken, chat.TcTokenTimestamp) = (2, true, 1, "Ana", 86_400, ByteString.CopyFrom(new byte[16]), Noon);
        var sync = new HistorySync { SyncType = HistorySync.Types.HistorySyncType.InitialBootstrap, NctSalt = ByteString.CopyFromUtf8("salt"), CompanionMetaNonce = "nonce" };
        sync.Conversations.Add(chat);
        sync.Pushnames.Add(new Pushname { Id = _phone.Number.ToString(), Pushname_ = "Shop" });
        // Behind the chats that need it, as phones write it.
        sync.PhoneNumberToLidMappings.Add(new PhoneNumberToLIDMapping { PnJid = Ana.ToString(), LidJid = AnaLid.ToString() });
        var id = _phone.History.Give(Device, sync, progress: 40, isInline);

        var part = await _us.Store.WaitAsync<HistoryReceived>(_ => true, Ct);
        Assert.Equal(("INITIAL_BOOTSTRAP", 40), (part.Kind, part.Progress));
        var got = Assert.Single(part.Chats);
        Assert.Equal((Ana, AnaLid, "Ana", 2L, true, true, 86_400L), (got.Chat.Phone, got.Chat.Lid, got.Name, got.Unread, got.IsArchived, got.IsPinned, got.EphemeralSeconds));
        Assert.Equal([("A1", false, "hello"), ("A2", true, "hi")], got.Messages.Select(m => (m.MessageId, m.IsFromMe, m.Content.Conversation)));
        Assert.Equal((Ana, "Ana Example", AckLevel.Read), (got.Messages[0].Sender.Phone, got.Messages[0].PushName, got.Messages[0].Ack));
        Assert.Equal(_phone.Number, got.Messages[1].Sender.Phone);
        Assert.Equal(Ana, await _us.Client.FindTwinAsync(AnaLid, Ct));
        Assert.NotNull(await _us.Store.GetAsync(StateKind.PrivacyToken, AnaLid.User, Ct));
        Assert.Equal("salt"u8.ToArray(), await _us.Store.GetAsync(StateKind.AccountSecret, "nct-salt", Ct));
        await _us.WaitAsync(s => s is Footbridge.Engine.ConnectionState.Online { Me.PushName: "Shop" }, Ct);
        await WaitReceiptAsync(id, "hist_sync");
        Assert.Empty(await _us.Store.ListAsync(StateKind.PendingHistory, "", 10, Ct));
    }

    [Fact]
    public async Task A_large_chat_comes_in_slices_and_a_crash_between_them_loses_and_doubles_nothing()
    {
        const int Messages = 3 * HistoryIntake.SliceSize + 1;
        var sync = new HistorySync { SyncType = HistorySync.Types.HistorySyncType.Recent };
        sync.Conversations.Add(PhoneHistory.Chat(Ana, Enumerable.Range(0, Messages).Select(i => PhoneHistory.Text(Ana, $"M{i}", false, Noon + i, $"{i}"))));
        // The disk fails when the second slice is written.
        _us.Store.FailWhen = batch => batch.Events.OfType<HistoryReceived>().Any(h => h.Id.EndsWith(":2", StringComparison.Ordinal));
        _phone.History.Give(Device, sync);
        await _us.WaitAsync(s => s is Footbridge.Engine.ConnectionState.Failed, Ct);
        (_us.Store.FailWhen, _us.Store.FailFrom) = (null, int.MaxValue);
        await _us.RestartAsync(Ct);
        await _us.Store.WaitAsync<HistoryReceived>(h => h.Id.EndsWith(":4", StringComparison.Ordinal), Ct);
        var ids = _us.Store.Events.OfType<HistoryReceived>().SelectMany(h => h.Chats).SelectMany(c => c.Messages).Select(m => m.MessageId);
        Assert.Equal(Enumerable.Range(0, Messages).Select(i => $"M{i}"), ids);
    }

    [Fact]
    public async Task Parts_that_come_out_of_order_are_all_taken_in()
    {
        foreach (var order in new uint[] { 3, 1, 2 })
        {
            var sync = new HistorySync { SyncType = HistorySync.Types.HistorySyncType.Recent, ChunkOrder = order };
            sync.Conversations.Add(PhoneHistory.Chat(Ana, PhoneHistory.Text(Ana, $"C{order}", false, Noon + order, "x")));
            _phone.History.Give(Device, sync, order * 30, isInline: order != 2);
        }

        foreach (var order in new[] { 1, 2, 3 })
        {
            await _us.Store.WaitAsync<HistoryReceived>(h => h.Chats.Any(c => c.Messages.Any(m => m.MessageId == $"C{order}")), Ct);
        }
    }

    [Fact]
    public async Task Older_messages_of_a_chat_come_on_demand()
    {
        _phone.History.Older[Ana] = [.. Enumerable.Range(0, 10).Select(i => PhoneHistory.Text(Ana, $"O{i}", false, Noon + i, $"{i}"))];
        await _us.Client.History.FetchOlderAsync(Ana, new("O8", false, null, DateTimeOffset.FromUnixTimeSeconds(Noon + 8)), 3, Ct);
        var part = await _us.Store.WaitAsync<HistoryReceived>(h => h.Kind == "ON_DEMAND", Ct);
        Assert.Equal(["O5", "O6", "O7"], part.Chats.Single().Messages.Select(m => m.MessageId));
    }

    [Fact]
    public async Task A_part_that_the_media_host_no_longer_has_is_asked_for_again()
    {
        _phone.History.UploadsAgain = true;
        var sync = new HistorySync { SyncType = HistorySync.Types.HistorySyncType.Recent };
        sync.Conversations.Add(PhoneHistory.Chat(Ana, PhoneHistory.Text(Ana, "LATE", false, Noon, "x")));
        var id = _phone.History.Give(Device, sync, isInline: false, beforeTelling: path => _whatsApp.Media.Expire(path));
        await _us.Store.WaitAsync<HistoryReceived>(h => h.Chats.Count == 1, Ct);
        Assert.Equal([id], _phone.History.Missed);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("handle=1", "nonce")]
    public async Task A_part_that_has_been_taken_in_is_deleted_from_the_media_host(string? handle, string? proof)
    {
        var (asked, place) = (new TaskCompletionSource<MediaRequest>(), "");
        _whatsApp.Media.Fault = request =>
        {
            if (request.Method == "DELETE") asked.TrySetResult(request);
            return null;
        };
        var sync = new HistorySync { SyncType = HistorySync.Types.HistorySyncType.InitialBootstrap, CompanionMetaNonce = "nonce" };
        sync.Conversations.Add(PhoneHistory.Chat(Ana, PhoneHistory.Text(Ana, "A1", false, Noon, "x")));
        var id = _phone.History.Give(Device, sync, isInline: false, beforeTelling: path => place = path, handle: handle);
        var request = await asked.Task.WaitAsync(Ct);
        Assert.Equal(proof, request.Proof);
        Assert.StartsWith("/mms/md-msg-hist/", request.Path, StringComparison.Ordinal);
        Assert.Equal(handle is not null, request.Path.Contains("&e_handle=handle%3D1", StringComparison.Ordinal));
        await WaitReceiptAsync(id, "hist_sync");
        // The next request is answered after that one.
        await _us.Client.Media.UploadAsync(MediaKind.Image, new MemoryStream([1]), Ct);
        Assert.Null(_whatsApp.Media.Find(place));
    }

    [Fact]
    public async Task A_part_whose_secret_is_not_known_is_left_on_the_media_host_and_a_refusal_costs_nothing()
    {
        var places = new List<string>();
        void Give(string? handle)
        {
            var sync = new HistorySync { SyncType = HistorySync.Types.HistorySyncType.Recent };
            sync.Conversations.Add(PhoneHistory.Chat(Ana, PhoneHistory.Text(Ana, $"A{places.Count}", false, Noon, "x")));
            _phone.History.Give(Device, sync, isInline: false, beforeTelling: places.Add, handle: handle);
        }

        Give("handle");
        await _us.Store.WaitAsync<HistoryReceived>(h => h.Chats[0].Messages[0].MessageId == "A0", Ct);
        var refused = new TaskCompletionSource();
        _whatsApp.Media.Fault = request =>
        {
            if (request.Method != "DELETE") return null;
            refused.TrySetResult();
            return new MediaFault.Status(500);
        };
        Give(null);
        await refused.Task.WaitAsync(Ct);
        Give(null);
        await _us.Store.WaitAsync<HistoryReceived>(h => h.Chats[0].Messages[0].MessageId == "A2", Ct);
        Assert.All(places, path => Assert.NotNull(_whatsApp.Media.Find(path)));
        Assert.DoesNotContain(_whatsApp.Media.Requests, request => request.Path.Contains("e_handle", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pair_in_the_past_is_on_record_with_the_time_of_the_past_and_does_not_outdo_a_newer_one()
    {
        var other = new Jid("888", JidServer.Lid);
        await GiveMigrationAsync(AnaLid, other, payload => payload);
        var sync = new HistorySync { SyncType = HistorySync.Types.HistorySyncType.PushName };
        sync.PhoneNumberToLidMappings.Add(new PhoneNumberToLIDMapping { PnJid = "5511900000007@s.whatsapp.net", LidJid = "999@lid" });
        sync.Pushnames.Add(new Pushname { Id = Ana.ToString(), Pushname_ = "Ana Example" });
        _phone.History.Give(Device, sync);
        var linked = await _us.Store.WaitAsync<PersonLinked>(l => l.Lid.User == "999", Ct);
        var told = await _us.Store.WaitAsync<HistoryReceived>(h => h.Names.Count == 1, Ct);
        Assert.Equal(("Phone", told.Time), (linked.Source, linked.Time));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("zlib")]
    [InlineData("gzip")]
    public async Task The_pairs_of_a_migration_are_learnt_the_latest_LID_first_in_whichever_form_they_come(string form)
    {
        var latest = new Jid("888", JidServer.Lid);
        await GiveMigrationAsync(AnaLid, latest, payload => Compress(payload, form));
        var linked = await _us.Store.WaitAsync<PersonLinked>(l => l.Phone == Ana, Ct);
        Assert.Equal((latest, "Migration"), (linked.Lid, linked.Source));
        Assert.Equal(latest, await _us.Client.FindTwinAsync(Ana, Ct));
        Assert.Null(await _us.Client.FindTwinAsync(AnaLid, Ct));
        Assert.Equal(new Jid("5511900000008", JidServer.User), await _us.Client.FindTwinAsync(new("1234", JidServer.Lid), Ct));
    }

    [Fact]
    public async Task A_migration_that_cannot_be_read_is_refused_and_the_next_one_taken()
    {
        var id = _phone.SendToDevice(Device, Migration([0x1F, 0x8B, 1, 2, 3]));
        await _whatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "ack" && s.Node["id"] == id && s.Node["error"] == "491", Ct);
        await GiveMigrationAsync(AnaLid, null, payload => payload);
        Assert.Equal(AnaLid, (await _us.Store.WaitAsync<PersonLinked>(l => l.Phone == Ana, Ct)).Lid);
    }

    [Theory]
    [InlineData("6E6F742061207A6C6962")]
    // A zlib stream that asks for a dictionary.
    [InlineData("7820000000010000")]
    public async Task A_part_that_is_no_history_is_left_and_the_next_one_taken(string hex)
    {
        var broken = new Message.Types.HistorySyncNotification { SyncType = Message.Types.HistorySyncType.Recent, InitialHistBootstrapInlinePayload = ByteString.CopyFrom(Convert.FromHexString(hex)) };
        var id = _phone.SendToDevice(Device, new() { Type = Message.Types.ProtocolMessage.Types.Type.HistorySyncNotification, HistorySyncNotification = broken });
        await WaitReceiptAsync(id, "hist_sync");
        var sync = new HistorySync { SyncType = HistorySync.Types.HistorySyncType.PushName };
        sync.Pushnames.Add(new Pushname { Id = Ana.ToString(), Pushname_ = "Ana Example" });
        _phone.History.Give(Device, sync);
        var part = await _us.Store.WaitAsync<HistoryReceived>(h => h.Names.Count == 1, Ct);
        Assert.Equal(("PUSH_NAME", "Ana Example"), (part.Kind, part.Names[0].PushName));
    }

    [Fact]
    public async Task History_from_anybody_but_the_phone_is_not_listened_to()
    {
        var stranger = _whatsApp.AddAccount("5511900000066", "Mallory");
        var sync = new HistorySync { SyncType = HistorySync.Types.HistorySyncType.Recent };
        sync.Conversations.Add(PhoneHistory.Chat(Ana, PhoneHistory.Text(Ana, "FALSE", false, Noon, "x")));
        stranger.History.Give(Device, sync);
        var id = stranger.SendText(_phone.Number.User, "after");
        await _us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
        Assert.Empty(await _us.Store.ListAsync(StateKind.PendingHistory, "", 10, Ct));
        Assert.Empty(_us.Store.Events.OfType<HistoryReceived>());
    }

    /// <summary>Ana's pair and another one, from the account's phone.</summary>
    private async Task GiveMigrationAsync(Jid assigned, Jid? latest, Func<byte[], byte[]> encode)
    {
        var payload = new LIDMigrationMappingSyncPayload();
        payload.PnToLidMappings.Add(new LIDMigrationMapping { Pn = ulong.Parse(Ana.User, CultureInfo.InvariantCulture), AssignedLid = ulong.Parse(assigned.User, CultureInfo.InvariantCulture) });
        if (latest is { } lid) payload.PnToLidMappings[0].LatestLid = ulong.Parse(lid.User, CultureInfo.InvariantCulture);
        payload.PnToLidMappings.Add(new LIDMigrationMapping { Pn = 5511900000008, AssignedLid = 1234 });
        payload.PnToLidMappings.Add(new LIDMigrationMapping { Pn = 5511900000009 });
        var id = _phone.SendToDevice(Device, Migration(encode(payload.ToByteArray())));
        await WaitReceiptAsync(id, "peer_msg");
    }

    private static Message.Types.ProtocolMessage Migration(byte[] payload) => new()
    {
        Type = Message.Types.ProtocolMessage.Types.Type.LidMigrationMappingSync,
        LidMigrationMappingSyncMessage = new() { EncodedMappingPayload = ByteString.CopyFrom(payload) },
    };

    private static byte[] Compress(byte[] payload, string form)
    {
        if (form == "plain") return payload;
        using var compressed = new MemoryStream();
        using (Stream stream = form == "zlib" ? new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true) : new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)) stream.Write(payload);
        return compressed.ToArray();
    }

    private Task WaitReceiptAsync(string id, string type) =>
        _whatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "receipt" && s.Node["id"] == id && s.Node["type"] == type, Ct);
}
