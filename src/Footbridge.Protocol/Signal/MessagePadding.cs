using System.Security.Cryptography;

namespace Footbridge.Protocol.Signal;

/// <summary>Padding of a plaintext: n bytes of value n. We add 1 to 15, and take off 1 to 255.</summary>
public static class MessagePadding
{
    private const int MaxAdded = 15;

    public static byte[] Add(ReadOnlySpan<byte> plaintext)
    {
        var count = RandomNumberGenerator.GetInt32(1, MaxAdded + 1);
        var padded = new byte[plaintext.Length + count];
        plaintext.CopyTo(padded);
        padded.AsSpan(plaintext.Length).Fill((byte)count);
        return padded;
    }

    /// <exception cref="ProtocolException">The padding is not n bytes of value n.</exception>
    public static byte[] Remove(ReadOnlySpan<byte> padded)
    {
        if (padded.Length == 0) throw new ProtocolException("a padded plaintext of no bytes");
        var count = padded[^1];
        if (count == 0 || count > padded.Length || padded[^count..].ContainsAnyExcept(count)) throw new ProtocolException("the padding is malformed");
        return padded[..^count].ToArray();
    }
}
