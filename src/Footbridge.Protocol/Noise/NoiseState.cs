using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Footbridge.Protocol.Signal;

namespace Footbridge.Protocol.Noise;

/// <summary>The symmetric state of a Noise handshake: hash, chaining key, cipher key, counter. Source: docs/protocol/noise.md.</summary>
internal sealed class NoiseState : IDisposable
{
    private const int HashBytes = 32;
    private readonly byte[] _hash;
    private readonly byte[] _chainingKey;
    private readonly byte[] _key;
    private uint _counter;

    /// <param name="protocolName">ASCII; padded with zeros to 32 characters, or hashed when longer, as Noise has it.</param>
    public NoiseState(string protocolName, ReadOnlySpan<byte> prologue)
    {
        _hash = new byte[HashBytes];
        if (protocolName.Length > HashBytes) SHA256.HashData(Encoding.ASCII.GetBytes(protocolName), _hash);
        else Encoding.ASCII.GetBytes(protocolName, _hash);
        _chainingKey = [.. _hash];
        _key = [.. _hash];
        MixHash(prologue);
    }

    public void MixHash(ReadOnlySpan<byte> data)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(_hash);
        sha.AppendData(data);
        sha.GetHashAndReset(_hash);
    }

    public void MixKey(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey)
    {
        var secret = Curve25519.Agree(privateKey, publicKey);
        Span<byte> output = stackalloc byte[2 * HashBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, output, _chainingKey, []);
        output[..HashBytes].CopyTo(_chainingKey);
        output[HashBytes..].CopyTo(_key);
        _counter = 0;
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(output);
    }

    public byte[] EncryptAndHash(ReadOnlySpan<byte> plaintext)
    {
        var sealedBytes = NoiseCipher.Encrypt(_key, _counter++, plaintext, _hash);
        MixHash(sealedBytes);
        return sealedBytes;
    }

    /// <exception cref="ProtocolException">The bytes were not sealed with this state.</exception>
    public byte[] DecryptAndHash(ReadOnlySpan<byte> sealedBytes)
    {
        var plaintext = NoiseCipher.Decrypt(_key, _counter++, sealedBytes, _hash);
        MixHash(sealedBytes);
        return plaintext;
    }

    /// <summary>The transport keys: client to server, and server to client.</summary>
    public (byte[] ToServer, byte[] ToClient) Split()
    {
        Span<byte> output = stackalloc byte[2 * HashBytes];
        // HKDF in two steps: OpenSSL's one-step function refuses empty key material.
        Span<byte> pseudoRandom = stackalloc byte[HashBytes];
        HMACSHA256.HashData(_chainingKey, [], pseudoRandom);
        HKDF.Expand(HashAlgorithmName.SHA256, pseudoRandom, output, []);
        var keys = (output[..HashBytes].ToArray(), output[HashBytes..].ToArray());
        CryptographicOperations.ZeroMemory(output);
        return keys;
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_chainingKey);
        CryptographicOperations.ZeroMemory(_key);
    }
}

/// <summary>AES-256-GCM with a counter as nonce: 8 zero bytes, then 32 bits big-endian.</summary>
internal static class NoiseCipher
{
    public const int TagBytes = 16;
    private const int NonceBytes = 12;

    public static byte[] Encrypt(byte[] key, uint counter, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated)
    {
        using var aes = new AesGcm(key, TagBytes);
        return Encrypt(aes, counter, plaintext, associated);
    }

    public static byte[] Encrypt(AesGcm aes, uint counter, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        nonce.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], counter);
        var output = new byte[plaintext.Length + TagBytes];
        aes.Encrypt(nonce, plaintext, output.AsSpan(0, plaintext.Length), output.AsSpan(plaintext.Length), associated);
        return output;
    }

    public static byte[] Decrypt(byte[] key, uint counter, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associated)
    {
        using var aes = new AesGcm(key, TagBytes);
        return Decrypt(aes, counter, sealedBytes, associated);
    }

    public static byte[] Decrypt(AesGcm aes, uint counter, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associated)
    {
        if (sealedBytes.Length < TagBytes) ProtocolException.ThrowTruncated(TagBytes, sealedBytes.Length);
        Span<byte> nonce = stackalloc byte[NonceBytes];
        nonce.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], counter);
        var plaintext = new byte[sealedBytes.Length - TagBytes];
        try
        {
            aes.Decrypt(nonce, sealedBytes[..^TagBytes], sealedBytes[^TagBytes..], plaintext, associated);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new ProtocolException("a sealed frame fails its authentication", e);
        }

        return plaintext;
    }
}
