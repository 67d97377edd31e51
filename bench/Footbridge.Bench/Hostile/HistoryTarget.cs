using System.IO.Compression;
using Footbridge.Bench.Hostile.Harness;
using Footbridge.Engine.History;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Messages;
using Google.Protobuf;
using Notification = Footbridge.Protocol.Generated.Message.Types.HistorySyncNotification;

namespace Footbridge.Bench.Hostile;

/// <summary>The account's past, as a phone gives it: compressed, and as large as it likes.</summary>
internal static class HistoryTarget
{
    private const int MaxInflatedBytes = 256 * 1024;
    private const int Bombs = 2000;
    private const int BombBytes = 16 * 1024 * 1024;
    private static readonly StoredHistory Announced = StoredHistory.Of(new Notification { Progress = 50 }, DateTimeOffset.UnixEpoch);

    public static HostileTarget Create(int seed)
    {
        var store = new HostileStore(_ => { });
        return new("history", new(seed, [.. Samples().Select(s => Compress(s.ToByteArray()))], Special, Restructure), input => Parse(store, input));
    }

    private static object? Parse(HostileStore store, byte[] input) =>
        HostileAccount.Run(store, account => new HistoryIntake(account.Context, "3EB0", Announced).RunAsync(() => new MemoryStream(input, writable: false), CancellationToken.None));

    private static IEnumerable<HistorySync> Samples()
    {
        var chat = new Conversation
        {
            Id = "200000000000002@lid",
            PnJid = "5511999999999@s.whatsapp.net",
            Name = "Zoë",
            UnreadCount = 2,
            MuteEndTime = 1_900_000_000,
            Pinned = 1,
            EphemeralExpiration = 86_400,
            TcToken = ByteString.CopyFrom(new byte[8]),
            TcTokenTimestamp = 1_795_000_000,
            ConversationTimestamp = 1_795_000_000,
        };
        var image = new Message { ImageMessage = new() { Url = "https://mmg.whatsapp.net/a", Caption = "c", MediaKey = ByteString.CopyFrom(new byte[32]) } };
        chat.Messages.Add(new HistorySyncMsg { Message = Of("3EB0", new() { Conversation = "hello" }) });
        chat.Messages.Add(new HistorySyncMsg { Message = Of("3EB1", new() { EphemeralMessage = new() { Message = image } }) });
        chat.Messages.Add(new HistorySyncMsg { Message = Of("3EB2", new() { DeviceSentMessage = new() { Message = new() { Conversation = "mine" } } }) });
        yield return new() { SyncType = HistorySync.Types.HistorySyncType.Recent, Conversations = { chat } };
        yield return new()
        {
            SyncType = HistorySync.Types.HistorySyncType.PushName,
            Pushnames = { new Pushname { Id = "5511999999999@s.whatsapp.net", Pushname_ = "Zoë" }, new Pushname { Id = "5511000000001@s.whatsapp.net", Pushname_ = "Ana B" } },
            PhoneNumberToLidMappings = { new PhoneNumberToLIDMapping { PnJid = "5511999999999@s.whatsapp.net", LidJid = "200000000000002@lid" } },
            StatusV3Messages = { Of("3EB3", image) },
            NctSalt = ByteString.CopyFrom(new byte[32]),
            CompanionMetaNonce = "nonce",
        };
    }

    private static WebMessageInfo Of(string id, Message content) => new()
    {
        Key = new() { RemoteJid = "200000000000002@lid", Id = id, Participant = "5511999999999@s.whatsapp.net" },
        Message = content,
        MessageTimestamp = 1_795_000_000,
        PushName = "Zoë",
        MessageSecret = ByteString.CopyFrom(new byte[AddOnCipher.SecretBytes]),
        Status = WebMessageInfo.Types.Status.Read,
    };

    private static byte[] Restructure(Random random, byte[] sample, byte[] donor) =>
        TryInflate(sample) is { } plain && TryInflate(donor) is { } other ? Compress(ProtobufMutator.Mutate(random, plain, other)) : donor;

    /// <summary>Mostly damage around the compression; now and then what inflates to much: parts that are to be left out, and few bytes that would make large objects.</summary>
    private static byte[] Special(Random random) => random.Next(Bombs) switch
    {
        0 => Compress(Chat([0x12, 0], random.Next(BombBytes / 2))),
        1 => Compress(Chat([0x12, 4, 0x0A, 2, 0x12, 0], random.Next(BombBytes / 6))),
        8 => Compress(Chat([0x12, 14, .. Field(1, [0x0A, 3, 0x1A, 1, 1, 0x12, 3, 0x0A, 1, 65, 0x18, 1])], random.Next(30_000))),
        9 => Compress(Repeated(Chat([], 0), random.Next(70_000))),
        2 => Compress(Repeated([0x12, 0], random.Next(BombBytes / 2))),
        3 => Compress(Chat([.. Field(2, Field(1, [0x12, 0, .. Repeated(ThousandOf(0x1A), 20)]))], random.Next(1, 100))),
        4 => Compress(Field(2, Field(2, Field(1, Field(2, Repeated([0x6A, 0], random.Next(2_000_000))))))),
        5 => Compress(Field(2, Field(2, Field(1, Repeated([0xC2, 0x02, 0], random.Next(2_000_000)))))),
        6 => Compress(new byte[random.Next(BombBytes)]),
        7 => Compress(Field(7, [0x0A, .. Length(BombBytes), .. new byte[random.Next(BombBytes)]])),
        < 1000 => [0x78, (byte)random.Next(256), .. Noise(random)],
        _ => Compress(Noise(random)),
    };

    private static byte[] Chat(byte[] message, int count) => Field(2, [0x0A, 5, .. "1@lid"u8, .. Repeated(message, count)]);

    private static byte[] ThousandOf(byte tag) => Repeated([tag, 0], 1000);

    private static byte[] Field(int number, byte[] content) => [(byte)(number << 3 | 2), .. Length(content.Length), .. content];

    private static byte[] Length(int value)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true)) output.WriteLength(value);
        return bytes.ToArray();
    }

    private static byte[] Repeated(byte[] part, int count)
    {
        var bytes = new byte[part.Length * count];
        for (var i = 0; i < count; i++) part.CopyTo(bytes, i * part.Length);
        return bytes;
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(100)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Compress(byte[] plain)
    {
        using var output = new MemoryStream();
        using (var zlib = new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(plain);
        return output.ToArray();
    }

    private static byte[]? TryInflate(byte[] compressed)
    {
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
            var plain = new byte[MaxInflatedBytes];
            return plain[..zlib.ReadAtLeast(plain, plain.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return null;
        }
    }
}
