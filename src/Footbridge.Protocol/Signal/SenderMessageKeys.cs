using System.Security.Cryptography;

namespace Footbridge.Protocol.Signal;

/// <summary>The keys of one group message: IV and AES-256-CBC key; the signature over the whole stands in for a MAC.</summary>
internal readonly ref struct SenderMessageKeys
{
    private const int IvBytes = 16;
    private const int Size = 50;
    private readonly Span<byte> _keys;

    public SenderMessageKeys(ReadOnlySpan<byte> seed)
    {
        _keys = new byte[Size];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, seed, _keys, new byte[Ratchet.KeyBytes], "WhisperGroup"u8);
    }

    public ReadOnlySpan<byte> Iv => _keys[..IvBytes];

    public ReadOnlySpan<byte> CipherKey => _keys[IvBytes..(IvBytes + Ratchet.KeyBytes)];

    public byte[] Encrypt(ReadOnlySpan<byte> plaintext)
    {
        using var aes = Aes.Create();
        aes.SetKey(CipherKey);
        return aes.EncryptCbc(plaintext, Iv);
    }

    /// <exception cref="SignalException">The ciphertext is no whole number of blocks or its padding is wrong.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> ciphertext)
    {
        using var aes = Aes.Create();
        aes.SetKey(CipherKey);
        try
        {
            return aes.DecryptCbc(ciphertext, Iv);
        }
        catch (CryptographicException e)
        {
            throw new SignalException(SignalError.InvalidMessage, "the group ciphertext does not decrypt", e);
        }
    }

    public void Clear() => CryptographicOperations.ZeroMemory(_keys);
}
