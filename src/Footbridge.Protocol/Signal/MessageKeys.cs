using System.Security.Cryptography;

namespace Footbridge.Protocol.Signal;

/// <summary>The keys of one message: AES-256-CBC key, MAC key, IV.</summary>
internal readonly ref struct MessageKeys
{
    public const int MacBytes = 8;
    private const int Size = 80;
    private readonly Span<byte> _keys;

    public MessageKeys(ReadOnlySpan<byte> seed)
    {
        _keys = new byte[Size];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, seed, _keys, new byte[32], "WhisperMessageKeys"u8);
    }

    private ReadOnlySpan<byte> MacKey => _keys[32..64];

    private ReadOnlySpan<byte> Iv => _keys[64..];

    public byte[] Encrypt(ReadOnlySpan<byte> plaintext)
    {
        using var aes = Aes.Create();
        aes.SetKey(_keys[..32]);
        return aes.EncryptCbc(plaintext, Iv);
    }

    /// <exception cref="SignalException">The ciphertext is no whole number of blocks or its padding is wrong.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> ciphertext)
    {
        using var aes = Aes.Create();
        aes.SetKey(_keys[..32]);
        try
        {
            return aes.DecryptCbc(ciphertext, Iv);
        }
        catch (CryptographicException e)
        {
            throw new SignalException(SignalError.InvalidMessage, "the ciphertext does not decrypt", e);
        }
    }

    /// <summary>The first 8 bytes of HMAC-SHA256 over both typed identity keys and the versioned message.</summary>
    public byte[] Mac(ReadOnlySpan<byte> sender, ReadOnlySpan<byte> receiver, ReadOnlySpan<byte> versioned)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, MacKey);
        hmac.AppendData([SignalKeys.Type]);
        hmac.AppendData(sender);
        hmac.AppendData([SignalKeys.Type]);
        hmac.AppendData(receiver);
        hmac.AppendData(versioned);
        return hmac.GetHashAndReset()[..MacBytes];
    }

    public void Clear() => CryptographicOperations.ZeroMemory(_keys);
}
