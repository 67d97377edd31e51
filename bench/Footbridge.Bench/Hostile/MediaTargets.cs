using Footbridge.Bench.Hostile.Harness;
using Footbridge.Engine;
using Footbridge.Engine.Media;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Media;
using Google.Protobuf;

namespace Footbridge.Bench.Hostile;

/// <summary>Files: what a media host gives, what a message says of where its file is, and the sound that a voice message's bars are made of.</summary>
internal static class MediaTargets
{
    private static readonly byte[] Key = new byte[MediaKeys.MediaKeyBytes];
    private static readonly byte[] File = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];

    public static IEnumerable<HostileTarget> Create(int seed)
    {
        var (body, media) = Seal(File);
        yield return new("media body", new(seed, [body, Seal([]).Body, Seal(new byte[160]).Body], Forge), input => Open(input, media));
        var store = new HostileStore(_ => { });
        yield return new("media reference and answer", new(seed, [.. References(media)], random => References(media).First(), ProtobufMutator.Mutate), input => Fetch(store, input, body));
        yield return new("waveform", new(seed, [new byte[64], File], random => new byte[random.Next(200_000)]), Bars, MayThrow: false);
    }

    private static (byte[] Body, SealedMedia Media) Seal(byte[] file) => HostileHost.Seal(file, Key, MediaKind.Image);

    /// <summary>With hashes and without: what passes the MAC then is all that counts.</summary>
    private static object Open(byte[] input, SealedMedia media)
    {
        using var keys = new MediaKeys(Key, MediaKind.Image);
        using var plain = new MemoryStream();
        var expected = input.Length % 2 == 0 ? new MediaExpectation(null, null, null) : new(media.FileSha256, media.FileEncSha256, media.Length);
        var length = MediaDecryptor.DecryptAsync(new MemoryStream(input), plain, keys, expected, CancellationToken.None).GetAwaiter().GetResult();
        return length == plain.Length ? plain : throw new InvalidOperationException("the file has another length than was told");
    }

    /// <summary>Rightly sealed files of other lengths and contents, cut or longer.</summary>
    private static byte[] Forge(Random random)
    {
        var file = new byte[random.Next(random.Next(50) == 0 ? 300_000 : 300)];
        random.NextBytes(file);
        var body = Seal(file).Body;
        return random.Next(3) == 0 ? body : body[..random.Next(body.Length + 1)];
    }

    private static IEnumerable<byte[]> References(SealedMedia media)
    {
        var image = new Message.Types.ImageMessage
        {
            DirectPath = "/v/t62/a?ccb=1&oh=2",
            Url = "https://mmg.whatsapp.net/v/t62/a?ccb=1",
            Mimetype = "image/jpeg",
            MediaKey = ByteString.CopyFrom(Key),
            FileLength = (ulong)media.Length,
            FileSha256 = ByteString.CopyFrom(media.FileSha256),
            FileEncSha256 = ByteString.CopyFrom(media.FileEncSha256),
        };
        yield return new Message { ImageMessage = image }.ToByteArray();
        var bare = image.Clone();
        bare.ClearDirectPath();
        bare.ClearFileLength();
        yield return new Message { EphemeralMessage = new() { Message = new() { ImageMessage = bare } } }.ToByteArray();
    }

    private static object? Fetch(HostileStore store, byte[] input, byte[] body)
    {
        var message = Protobuf.Parse(Message.Parser, input);
        if (MediaReference.Of(message) is not { } reference) return null;
        using var file = new MemoryStream();
        var options = new WaClientOptions { MediaHandler = new HostileHost(body, input.Length == 0 ? 0 : input[^1]), Media = HostileHost.Options };
        var hosts = Node.Of("iq", [("type", "result")], Node.Of("media_conn", [("auth", "x"), ("ttl", 300)], Node.Of("host", [("hostname", "mmg.whatsapp.net")])));
        var isWhole = false;
        HostileAccount.Run(store, async account =>
        {
            try
            {
                await account.Media.DownloadAsync(reference, file, CancellationToken.None);
                isWhole = true;
            }
            catch (MediaFailedException)
            {
                // Refused, with its reason.
            }
        }, _ => hosts, options);
        if (isWhole && !file.ToArray().AsSpan().SequenceEqual(File)) throw new InvalidOperationException("a file was taken that is not the one");
        return isWhole ? file : null;
    }

    private static object? Bars(byte[] input)
    {
        using var waveform = new Waveform();
        var step = input.Length == 0 ? 1 : input[0] + 1;
        for (var i = 0; i < input.Length; i += step) waveform.Write(input.AsSpan(i, Math.Min(step, input.Length - i)));
        return waveform.ToBars();
    }
}
