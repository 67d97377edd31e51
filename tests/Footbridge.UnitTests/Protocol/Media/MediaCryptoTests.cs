using System.Security.Cryptography;
using System.Text.Json;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;

namespace Footbridge.UnitTests.Protocol.Media;

public sealed class MediaCryptoTests
{
    private static readonly byte[] Key = [.. Enumerable.Repeat((byte)0x22, MediaKeys.MediaKeyBytes)];
    private static readonly MediaExpectation Nothing = new(null, null, null);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_seals_to_the_bytes_and_windows_of_the_vector_and_opens_again()
    {
        var vector = Vectors.WhatsApp("media");
        var plain = Enumerable.Repeat((byte)7, 150_000).ToArray();
        var (body, summary) = await SealAsync(plain, MediaKind.Image);
        Assert.Equal(vector.GetProperty("encLength").GetInt64(), body.Length);
        Assert.Equal(vector.GetProperty("encLength").GetInt64(), summary.BodyLength);
        Assert.Equal(vector.Hex("fileSha256"), summary.FileSha256);
        Assert.Equal(vector.Hex("fileEncSha256"), summary.FileEncSha256);
        Assert.Equal(vector.Hex("fileEncSha256"), SHA256.HashData(body));
        Assert.Equal(vector.Hex("last10"), body[^10..]);
        Assert.Equal(vector.Hex("streamingSidecar"), summary.Sidecar);
        Assert.Equal(plain, await OpenAsync(body, new(summary.FileSha256, summary.FileEncSha256, summary.Length)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(131_072)]
    public async Task A_file_of_any_length_comes_back_whole_however_its_bytes_arrive(int length)
    {
        var plain = RandomNumberGenerator.GetBytes(length);
        var (body, summary) = await SealAsync(plain, MediaKind.Video);
        Assert.Equal((length / 16 + 1) * 16 + 10, body.Length);
        var expected = new MediaExpectation(SHA256.HashData(plain), SHA256.HashData(body), length);
        Assert.Equal(plain, await OpenAsync(body, expected, MediaKind.Video));
        using var scratch = new MemoryStream();
        using var keys = new MediaKeys(Key, MediaKind.Video);
        Assert.Equal(length, await MediaDecryptor.DecryptAsync(new Dribble(body), scratch, keys, expected, Ct));
        Assert.Equal(plain, scratch.ToArray());
        Assert.Equal(length, summary.Length);
    }

    [Fact]
    public async Task A_file_that_ends_with_a_window_has_a_last_window_of_the_overlap_alone()
    {
        // IV, ciphertext and MAC fill one window of 65552 bytes: 16 + n * 16 + 10 never does, so the sum is taken one block short of it and past it.
        var (_, shorter) = await SealAsync(new byte[65_536 - 32], MediaKind.Video);
        var (_, longer) = await SealAsync(new byte[65_536 - 16], MediaKind.Video);
        Assert.Equal((10, 20), (shorter.Sidecar!.Length, longer.Sidecar!.Length));
        using var keys = new MediaKeys(Key, MediaKind.Video);
        using var exact = new StreamingSidecar(keys);
        exact.Append(new byte[65_536]);
        var macs = exact.Finish();
        Assert.Equal(HMACSHA256.HashData(keys.MacKey, new byte[16])[..10], macs[10..]);
    }

    [Theory]
    [InlineData(false, true, true)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    public async Task A_file_that_is_not_what_its_message_says_is_refused(bool plainHash, bool bodyHash, bool length)
    {
        var plain = RandomNumberGenerator.GetBytes(1000);
        var (body, _) = await SealAsync(plain, MediaKind.Image);
        var expected = new MediaExpectation(
            plainHash ? SHA256.HashData(plain) : new byte[32], bodyHash ? SHA256.HashData(body) : new byte[32], length ? plain.Length : plain.Length + 1);
        await Assert.ThrowsAsync<ProtocolException>(() => OpenAsync(body, expected));
    }

    [Fact]
    public async Task A_changed_or_cut_body_is_refused_at_every_byte()
    {
        var (body, _) = await SealAsync(RandomNumberGenerator.GetBytes(100), MediaKind.Image);
        for (var i = 0; i < body.Length; i++)
        {
            await Assert.ThrowsAsync<ProtocolException>(() => OpenAsync(body[..i], Nothing));
            var changed = body.ToArray();
            changed[i] ^= 1;
            await Assert.ThrowsAsync<ProtocolException>(() => OpenAsync(changed, Nothing));
        }

        await Assert.ThrowsAsync<ProtocolException>(() => OpenAsync([.. body, 0], Nothing));
    }

    [Fact]
    public async Task Random_bodies_are_refused()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var body = new byte[random.Next(300)];
            random.NextBytes(body);
            await Assert.ThrowsAsync<ProtocolException>(() => OpenAsync(body, Nothing));
        }
    }

    [Fact]
    public async Task A_file_does_not_open_as_another_kind_or_with_another_key()
    {
        var (body, _) = await SealAsync(new byte[10], MediaKind.Image);
        await Assert.ThrowsAsync<ProtocolException>(() => OpenAsync(body, Nothing, MediaKind.Video));
        Assert.Throws<ProtocolException>(() => new MediaKeys(Key.AsSpan(1), MediaKind.Image));
    }

    [Fact]
    public void Every_kind_is_found_by_its_name()
    {
        Assert.Same(MediaKind.History, MediaKind.Parse("history"));
        Assert.Throws<ProtocolException>(() => MediaKind.Parse("smell"));
    }

    [Fact]
    public void A_retry_opens_with_the_vectors_key_and_for_its_own_message_only()
    {
        var vector = Vectors.WhatsApp("mediaRetry");
        Assert.Equal(vector.Hex("key"), MediaRetry.DeriveKey(vector.Hex("mediaKey")));
        var (payload, iv) = MediaRetry.SealRequest("3EB0A", Key);
        Assert.Equal("3EB0A", MediaRetry.OpenRequest("3EB0A", payload, iv, Key).StanzaId);
        Assert.Throws<ProtocolException>(() => MediaRetry.OpenRequest("3EB0B", payload, iv, Key));
        Assert.Throws<ProtocolException>(() => MediaRetry.OpenRequest("3EB0A", payload, iv, new byte[32]));
        var answer = new MediaRetryNotification { StanzaId = "3EB0A", DirectPath = "/v/new", Result = MediaRetryNotification.Types.ResultType.Success };
        (payload, iv) = MediaRetry.SealAnswer("3EB0A", answer, Key);
        Assert.Equal(answer, MediaRetry.OpenAnswer("3EB0A", payload, iv, Key));
        for (var i = 0; i < payload.Length; i++) Assert.Throws<ProtocolException>(() => MediaRetry.OpenAnswer("3EB0A", payload.AsSpan(0, i), iv, Key));
        Assert.Throws<ProtocolException>(() => MediaRetry.OpenAnswer("3EB0A", payload, iv.AsSpan(1), Key));
    }

    private static async Task<(byte[] Body, SealedMedia Summary)> SealAsync(byte[] plain, MediaKind kind)
    {
        using var keys = new MediaKeys(Key, kind);
        using var body = new MemoryStream();
        var summary = await MediaEncryptor.EncryptAsync(new MemoryStream(plain), body, keys, withSidecar: true, Ct);
        return (body.ToArray(), summary);
    }

    private static async Task<byte[]> OpenAsync(byte[] body, MediaExpectation expected, MediaKind? kind = null)
    {
        using var keys = new MediaKeys(Key, kind ?? MediaKind.Image);
        using var scratch = new MemoryStream();
        await MediaDecryptor.DecryptAsync(new MemoryStream(body), scratch, keys, expected, Ct);
        return scratch.ToArray();
    }

    /// <summary>Gives seven bytes at a time, as a slow network may.</summary>
    private sealed class Dribble(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(7, buffer.Length)], cancellationToken);
    }
}
