using System.Security.Cryptography;

namespace Footbridge.Protocol.Signal;

/// <summary>X25519 agreement and XEdDSA signatures, over libsodium. Keys are 32 bytes, signatures 64.</summary>
/// <remarks>Source: docs/protocol/signal.md; the vectors are made by independent implementations.</remarks>
public static class Curve25519
{
    public const int KeyBytes = 32;
    public const int SignatureBytes = 64;
    private const int HashBytes = 64;
    private const byte SignBit = 0x80;

    public static KeyPair GenerateKeyPair()
    {
        var privateKey = RandomNumberGenerator.GetBytes(KeyBytes);
        Clamp(privateKey);
        return new(privateKey, PublicKeyOf(privateKey));
    }

    public static byte[] PublicKeyOf(ReadOnlySpan<byte> privateKey)
    {
        RequireKey(privateKey);
        var publicKey = new byte[KeyBytes];
        if (Sodium.crypto_scalarmult_base(publicKey, privateKey) != 0) throw new ProtocolException("a private key has no public key");
        return publicKey;
    }

    /// <summary>The shared secret of a private and a public key.</summary>
    /// <exception cref="ProtocolException">The public key is not 32 bytes or of low order.</exception>
    public static byte[] Agree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey)
    {
        RequireKey(privateKey);
        RequireKey(publicKey);
        var shared = new byte[KeyBytes];
        if (Sodium.crypto_scalarmult(shared, privateKey, publicKey) != 0) throw new ProtocolException("a public key is of low order");
        return shared;
    }

    /// <summary>An XEdDSA signature; randomised, so two signatures of one message differ.</summary>
    public static byte[] Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message)
    {
        RequireKey(privateKey);
        Span<byte> a = stackalloc byte[KeyBytes];
        privateKey.CopyTo(a);
        Clamp(a);
        Span<byte> publicPoint = stackalloc byte[KeyBytes];
        Require(Sodium.crypto_scalarmult_ed25519_base_noclamp(publicPoint, a));
        Span<byte> r = stackalloc byte[KeyBytes];
        DeriveNonce(a, message, r);
        var signature = new byte[SignatureBytes];
        Require(Sodium.crypto_scalarmult_ed25519_base_noclamp(signature.AsSpan(0, KeyBytes), r));
        Span<byte> h = stackalloc byte[KeyBytes];
        HashToScalar(signature.AsSpan(0, KeyBytes), publicPoint, message, h);
        Sodium.crypto_core_ed25519_scalar_mul(h, h, a);
        Sodium.crypto_core_ed25519_scalar_add(signature.AsSpan(KeyBytes), h, r);
        signature[^1] = (byte)(signature[^1] & ~SignBit | publicPoint[^1] & SignBit);
        CryptographicOperations.ZeroMemory(a);
        CryptographicOperations.ZeroMemory(r);
        return signature;
    }

    /// <summary>Whether an XEdDSA signature is right; false also for keys and signatures of a wrong length.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        const int UnusedBits = 0x60;
        if (publicKey.Length != KeyBytes || signature.Length != SignatureBytes || (signature[^1] & UnusedBits) != 0) return false;
        Span<byte> edwards = stackalloc byte[KeyBytes];
        if (!Montgomery.TryToEdwards(publicKey, edwards)) return false;
        edwards[^1] |= (byte)(signature[^1] & SignBit);
        Span<byte> plain = stackalloc byte[SignatureBytes];
        signature.CopyTo(plain);
        plain[^1] &= unchecked((byte)~SignBit);
        return Sodium.crypto_sign_ed25519_verify_detached(plain, message, (ulong)message.Length, edwards) == 0;
    }

    private static void DeriveNonce(ReadOnlySpan<byte> a, ReadOnlySpan<byte> message, Span<byte> r)
    {
        Span<byte> prefix = stackalloc byte[KeyBytes];
        prefix.Fill(0xFF);
        prefix[0] = 0xFE;
        Span<byte> random = stackalloc byte[HashBytes];
        RandomNumberGenerator.Fill(random);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        sha.AppendData(prefix);
        sha.AppendData(a);
        sha.AppendData(message);
        sha.AppendData(random);
        Reduce(sha, r);
    }

    private static void HashToScalar(ReadOnlySpan<byte> point, ReadOnlySpan<byte> publicPoint, ReadOnlySpan<byte> message, Span<byte> scalar)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        sha.AppendData(point);
        sha.AppendData(publicPoint);
        sha.AppendData(message);
        Reduce(sha, scalar);
    }

    private static void Reduce(IncrementalHash sha, Span<byte> scalar)
    {
        Span<byte> wide = stackalloc byte[HashBytes];
        sha.GetHashAndReset(wide);
        Sodium.crypto_core_ed25519_scalar_reduce(scalar, wide);
    }

    private static void Clamp(Span<byte> key)
    {
        key[0] &= 248;
        key[31] &= 127;
        key[31] |= 64;
    }

    private static void RequireKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyBytes) throw new ProtocolException($"a key of {key.Length} bytes instead of 32");
    }

    private static void Require(int result)
    {
        if (result != 0) throw new CryptographicException("libsodium refused a scalar");
    }
}
