using System.Security.Cryptography;
using System.Text;

namespace Footbridge.Protocol.Media;

/// <summary>The keys of one media file, from its 32-byte media key; zeroed when disposed. Source: docs/protocol/media.md.</summary>
public sealed class MediaKeys : IDisposable
{
    public const int MediaKeyBytes = 32;
    internal const int MacBytes = 10;
    internal const int BlockBytes = 16;
    private const int IvBytes = 16;
    private const int KeyBytes = 32;

    // A fourth part, from 80 on, is a key that messages have no use for.
    private const int ExpandedBytes = 112;
    private readonly byte[] _expanded = new byte[ExpandedBytes];

    /// <exception cref="ProtocolException">The media key is not 32 bytes long.</exception>
    public MediaKeys(ReadOnlySpan<byte> mediaKey, MediaKind kind)
    {
        if (mediaKey.Length != MediaKeyBytes) throw new ProtocolException($"a media key has {MediaKeyBytes} bytes, not {mediaKey.Length}");
        HKDF.DeriveKey(HashAlgorithmName.SHA256, mediaKey, _expanded, [], Encoding.ASCII.GetBytes(kind.Info));
    }

    internal ReadOnlySpan<byte> Iv => _expanded.AsSpan(0, IvBytes);

    internal ReadOnlySpan<byte> MacKey => _expanded.AsSpan(IvBytes + KeyBytes, KeyBytes);

    /// <summary>AES-256-CBC with PKCS#7 padding and the key set; the caller disposes it.</summary>
    internal Aes CreateCipher()
    {
        var aes = Aes.Create();
        aes.SetKey(_expanded.AsSpan(IvBytes, KeyBytes));
        aes.IV = Iv.ToArray();
        return aes;
    }

    internal IncrementalHash CreateMac()
    {
        var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, MacKey);
        mac.AppendData(Iv);
        return mac;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_expanded);
}
