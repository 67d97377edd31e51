using System.IO.Compression;
using System.Security.Cryptography;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;
using Google.Protobuf;
using ProtocolMessage = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage;

namespace Footbridge.Simulator.WhatsApp.Phone;

/// <summary>The past that a phone gives to its linked devices, in parts and on demand.</summary>
internal sealed class PhoneHistory(FakePhone phone, SimAccount account)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (HistorySync Sync, uint Progress)> _given = new(StringComparer.Ordinal);
    private readonly List<string> _missed = [];

    /// <summary>Messages the phone has and its devices do not, by chat, newest last; given on demand.</summary>
    public Dictionary<Jid, List<WebMessageInfo>> Older { get; } = [];

    /// <summary>Whether a part that a device could not fetch is uploaded and announced again.</summary>
    public bool UploadsAgain { get; set; }

    /// <summary>Ids of parts that devices could not fetch.</summary>
    public IReadOnlyList<string> Missed
    {
        get
        {
            lock (_gate) return [.. _missed];
        }
    }

    /// <summary>A message as phones keep it.</summary>
    public static WebMessageInfo Text(Jid chat, string id, bool isFromMe, long seconds, string text, string? pushName = null)
    {
        var message = new WebMessageInfo
        {
            Key = new() { RemoteJid = chat.ToString(), FromMe = isFromMe, Id = id },
            Message = new() { Conversation = text },
            MessageTimestamp = (ulong)seconds,
            Status = WebMessageInfo.Types.Status.Read,
        };
        if (pushName is not null) message.PushName = pushName;
        return message;
    }

    public static Conversation Chat(Jid chat, params IEnumerable<WebMessageInfo> messages)
    {
        var conversation = new Conversation { Id = chat.ToString() };
        conversation.Messages.AddRange(messages.Select(m => new HistorySyncMsg { Message = m }));
        if (conversation.Messages.Count > 0) conversation.LastMsgTimestamp = conversation.Messages.Max(m => m.Message.MessageTimestamp);
        return conversation;
    }

    /// <summary>Gives a part to a linked device: inside the message, or by the media host. Returns the announcement's id.</summary>
    /// <param name="handle">By which the device may delete what lies on the media host.</param>
    public string Give(SimDevice device, HistorySync sync, uint progress = 100, bool isInline = true, Action<string>? beforeTelling = null, string? handle = null)
    {
        var compressed = Compress(sync);
        var notification = new Message.Types.HistorySyncNotification { SyncType = (Message.Types.HistorySyncType)(int)sync.SyncType, ChunkOrder = sync.ChunkOrder, Progress = progress };
        if (isInline) notification.InitialHistBootstrapInlinePayload = ByteString.CopyFrom(compressed);
        else
        {
            var (file, length) = phone.Media.Upload(MediaKind.History, compressed);
            (notification.DirectPath, notification.FileLength) = (file.DirectPath, length);
            (notification.MediaKey, notification.FileSha256, notification.FileEncSha256) = (ByteString.CopyFrom(file.Key), ByteString.CopyFrom(file.FileSha256), ByteString.CopyFrom(file.FileEncSha256));
            if (handle is not null) notification.EncHandle = handle;
            beforeTelling?.Invoke(file.DirectPath);
        }

        var id = "3A" + RandomNumberGenerator.GetHexString(18);
        lock (_gate) _given[id] = (sync, progress);
        return phone.SendToDevice(device, new() { Type = ProtocolMessage.Types.Type.HistorySyncNotification, HistorySyncNotification = notification }, id);
    }

    /// <summary>A device wants what is older than a message.</summary>
    public void TakeRequest(SimDevice device, Message.Types.PeerDataOperationRequestMessage.Types.HistorySyncOnDemandRequest request)
    {
        var chat = Jid.Parse(request.ChatJid);
        var older = Older.GetValueOrDefault(chat) ?? [];
        var known = older.FindIndex(m => m.Key.Id == request.OldestMsgId);
        var found = older.Take(known < 0 ? older.Count : known).Where(m => (long)m.MessageTimestamp <= request.OldestMsgTimestampMs).TakeLast(request.OnDemandMsgCount);
        var sync = new HistorySync { SyncType = HistorySync.Types.HistorySyncType.OnDemand };
        sync.Conversations.Add(Chat(chat, found));
        Give(device, sync);
    }

    /// <summary>A device could not fetch a part; false when it is no part of history that is meant.</summary>
    public bool TakeMissed(Node receipt)
    {
        (HistorySync Sync, uint Progress) part;
        lock (_gate)
        {
            if (!_given.TryGetValue(receipt.Required("id"), out part)) return false;
            _missed.Add(receipt.Required("id"));
        }

        if (UploadsAgain && account.Device(receipt.RequiredJid("from").Device) is { } device) Give(device, part.Sync, part.Progress, isInline: false);
        return true;
    }

    private static byte[] Compress(HistorySync sync)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true)) sync.WriteTo(zlib);
        return compressed.ToArray();
    }
}
