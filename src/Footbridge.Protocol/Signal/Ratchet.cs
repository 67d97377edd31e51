using System.Security.Cryptography;
using Footbridge.Protocol.Signal.Storage;
using Google.Protobuf;

namespace Footbridge.Protocol.Signal;

/// <summary>The key derivations of X3DH and the double ratchet. Source: docs/protocol/signal.md.</summary>
internal static class Ratchet
{
    public const int KeyBytes = 32;
    private static ReadOnlySpan<byte> NoSalt => new byte[KeyBytes];

    /// <summary>Root and chain key of a new session from its agreed secrets, in X3DH's order.</summary>
    public static (byte[] Root, byte[] Chain) Start(params ReadOnlySpan<byte[]> secrets)
    {
        var master = new byte[KeyBytes * (1 + secrets.Length)];
        master.AsSpan(0, KeyBytes).Fill(0xFF);
        for (var i = 0; i < secrets.Length; i++)
        {
            secrets[i].CopyTo(master.AsSpan(KeyBytes * (1 + i)));
            CryptographicOperations.ZeroMemory(secrets[i]);
        }

        Span<byte> output = stackalloc byte[2 * KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, output, NoSalt, "WhisperText"u8);
        CryptographicOperations.ZeroMemory(master);
        return (output[..KeyBytes].ToArray(), output[KeyBytes..].ToArray());
    }

    /// <summary>The next root key and a chain key, from an agreement of ratchet keys.</summary>
    public static (byte[] Root, byte[] Chain) Step(ReadOnlySpan<byte> root, ReadOnlySpan<byte> ownPrivate, ReadOnlySpan<byte> theirPublic)
    {
        var secret = Curve25519.Agree(ownPrivate, theirPublic);
        Span<byte> output = stackalloc byte[2 * KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, output, root, "WhisperRatchet"u8);
        CryptographicOperations.ZeroMemory(secret);
        return (output[..KeyBytes].ToArray(), output[KeyBytes..].ToArray());
    }

    /// <summary>The seed of the chain's next message; <paramref name="chainKey"/> moves on.</summary>
    public static byte[] NextSeed(Span<byte> chainKey)
    {
        var seed = new byte[KeyBytes];
        HMACSHA256.HashData(chainKey, [1], seed);
        Span<byte> next = stackalloc byte[KeyBytes];
        HMACSHA256.HashData(chainKey, [2], next);
        next.CopyTo(chainKey);
        return seed;
    }

    /// <summary>The receiving and the next sending chain after the other side showed a new ratchet key.</summary>
    public static StoredChain Turn(StoredSession session, byte[] theirRatchetKey)
    {
        const int MaxReceivingChains = 5;
        var (root, receiving) = Step(session.RootKey.Span, session.RatchetPrivate.Span, theirRatchetKey);
        var chain = new StoredChain { RatchetKey = ByteString.CopyFrom(theirRatchetKey), ChainKey = ByteString.CopyFrom(receiving) };
        session.Receiving.Add(chain);
        while (session.Receiving.Count > MaxReceivingChains) session.Receiving.RemoveAt(0);
        StartSending(session, root, theirRatchetKey);
        return chain;
    }

    /// <summary>Makes an own ratchet key and the sending chain that belongs to it.</summary>
    public static void StartSending(StoredSession session, byte[] root, byte[] theirRatchetKey)
    {
        var own = Curve25519.GenerateKeyPair();
        var (nextRoot, sending) = Step(root, own.Private, theirRatchetKey);
        session.PreviousCounter = session.SendingCounter > 0 ? session.SendingCounter - 1 : 0;
        session.RootKey = ByteString.CopyFrom(nextRoot);
        session.RatchetPrivate = ByteString.CopyFrom(own.Private);
        session.RatchetPublic = ByteString.CopyFrom(own.Public);
        session.SendingChainKey = ByteString.CopyFrom(sending);
        session.SendingCounter = 0;
    }
}
