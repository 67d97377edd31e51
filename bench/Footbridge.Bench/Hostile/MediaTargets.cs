using System.Net;
using System.Net.Http.Headers;
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

    private static (byte[] Body, SealedMedia Media) Seal(byte[] file)
    {
        using var keys = new MediaKeys(Key, MediaKind.Image);
        using var body = new MemoryStream();
        var media = MediaEncryptor.EncryptAsync(new MemoryStream(file), body, keys, withSidecar: false, CancellationToken.None).GetAwaiter().GetResult();
        return (body.ToArray(), media);
    }

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
            DirectPath = "/v/t62/a?ccb=1&oh=2", Url = "https://mmg.whatsapp.net/v/t62/a?ccb=1", Mimetype = "image/jpeg", MediaKey = ByteString.CopyFrom(Key), FileLength = (ulong)media.Length,
            FileSha256 = ByteString.CopyFrom(media.FileSha256), FileEncSha256 = ByteString.CopyFrom(media.FileEncSha256),
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
        var options = new WaClientOptions { MediaHandler = new Host(body, input), Media = new() { DownloadAttempts = 2, RetryDelay = TimeSpan.Zero, RetryAfterLimit = TimeSpan.Zero, ScratchFolder = Scratch } };
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

    private static string Scratch { get; } = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    private static object? Bars(byte[] input)
    {
        using var waveform = new Waveform();
        var step = input.Length == 0 ? 1 : input[0] + 1;
        for (var i = 0; i < input.Length; i += step) waveform.Write(input.AsSpan(i, Math.Min(step, input.Length - i)));
        return waveform.ToBars();
    }

    /// <summary>A media host that gives the file, and lies about it as the input says.</summary>
    private sealed class Host(byte[] body, byte[] input) : HttpMessageHandler
    {
        private readonly int _lie = input.Length == 0 ? 0 : input[^1] % 16;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var host = request.RequestUri!.Host;
            if (!host.EndsWith(".whatsapp.net", StringComparison.Ordinal) || request.RequestUri.Scheme != "https") throw new InvalidOperationException("another host than WhatsApp's was asked");
            var given = _lie switch { 1 => body[..^1], 2 => [.. body, 0], 3 => [], _ => body };
            var response = new HttpResponseMessage(_lie switch { 4 => HttpStatusCode.Redirect, 5 => HttpStatusCode.PartialContent, 6 => HttpStatusCode.Gone, 7 => HttpStatusCode.TooManyRequests, 8 => (HttpStatusCode)999, _ => HttpStatusCode.OK })
            {
                Content = new StreamContent(new MemoryStream(given)),
            };
            response.Content.Headers.ContentLength = _lie switch { 9 => long.MaxValue, 10 => 0, 11 => 5, _ => null };
            if (_lie is 5 or 12) response.Content.Headers.ContentRange = new ContentRangeHeaderValue(5, 9, 10);
            if (_lie is 4 or 13) response.Headers.Location = new Uri("http://127.0.0.1/");
            if (_lie is 7 or 14) response.Headers.TryAddWithoutValidation("Retry-After", "99999999999999999999");
            if (_lie == 15) response.Content.Headers.ContentEncoding.Add("gzip");
            return Task.FromResult(response);
        }
    }
}
