using System.Security.Cryptography;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal.Storage;
using Google.Protobuf;

namespace Footbridge.Protocol.Signal;

/// <summary>Encrypts and decrypts with sender keys, the <c>skmsg</c> of groups and status. A call that throws leaves the record as it was.</summary>
/// <remarks>
/// Limits: 20,000 messages ahead, 2,000 kept seeds a key. Numbers need not be contiguous: one client in use moves on by two a message.
/// Source: docs/protocol/groups.md.
/// </remarks>
public static class SenderKeyCipher
{
    public const int MaxAhead = 20_000;
    public const int MaxSkipped = 2000;
    private const int SignatureBytes = 64;

    /// <exception cref="SignalException">There is no own sender key.</exception>
    public static byte[] Encrypt(SenderKeyRecord record, ReadOnlySpan<byte> plaintext)
    {
        if (record.Newest is not { SigningPrivate.Length: > 0 } key) throw new SignalException(SignalError.NoSession, "there is no sender key to encrypt with");
        var chainKey = key.ChainKey.ToByteArray();
        var keys = new SenderMessageKeys(Ratchet.NextSeed(chainKey));
        var body = new SenderKeyMessage { Id = key.Id, Iteration = key.Iteration, Ciphertext = ByteString.CopyFrom(keys.Encrypt(plaintext)) };
        keys.Clear();
        byte[] versioned = [SessionCipher.Version, .. body.ToByteArray()];
        byte[] message = [.. versioned, .. Curve25519.Sign(key.SigningPrivate.Span, versioned)];
        key.ChainKey = ByteString.CopyFrom(chainKey);
        key.Iteration++;
        return message;
    }

    /// <exception cref="SignalException">
    /// There is no such key (<see cref="SignalError.NoSession"/>), it was opened before (<see cref="SignalError.Duplicate"/>), or it is forged or malformed.
    /// </exception>
    public static byte[] Decrypt(SenderKeyRecord record, ReadOnlySpan<byte> message)
    {
        var parsed = Parse(message);
        if (record.Find(parsed.Id) is not { } key) throw new SignalException(SignalError.NoSession, "there is no sender key for this message");
        if (!Curve25519.Verify(key.SigningPublic.Span, message[..^SignatureBytes], message[^SignatureBytes..]))
        {
            throw new SignalException(SignalError.InvalidSignature, "the group message is not signed by its sender");
        }

        return parsed.Iteration < key.Iteration ? OpenSkipped(key, parsed) : OpenNext(key, parsed);
    }

    private static SenderKeyMessage Parse(ReadOnlySpan<byte> message)
    {
        if (message.Length <= 1 + SignatureBytes) throw new SignalException(SignalError.InvalidMessage, $"a group message of {message.Length} bytes");
        if (message[0] >> 4 != SessionCipher.Version >> 4) throw new SignalException(SignalError.InvalidMessage, $"a group message of version {message[0] >> 4}");
        try
        {
            return Protobuf.Parse(SenderKeyMessage.Parser, message[1..^SignatureBytes]);
        }
        catch (ProtocolException e) when (e is not SignalException)
        {
            throw new SignalException(SignalError.InvalidMessage, "a malformed group message", e);
        }
    }

    private static byte[] OpenSkipped(StoredSenderKey key, SenderKeyMessage message)
    {
        for (var i = 0; i < key.Skipped.Count; i++)
        {
            if (key.Skipped[i].Counter != message.Iteration) continue;
            var plaintext = Open(key.Skipped[i].Seed.Span, message);
            key.Skipped.RemoveAt(i);
            return plaintext;
        }

        throw new SignalException(SignalError.Duplicate, "the group message was opened before");
    }

    private static byte[] OpenNext(StoredSenderKey key, SenderKeyMessage message)
    {
        if (message.Iteration == uint.MaxValue) throw new SignalException(SignalError.InvalidMessage, "the group message ends its chain");
        if (message.Iteration - key.Iteration > MaxAhead) throw new SignalException(SignalError.FutureMessage, "the group message is too far ahead in its chain");
        var chainKey = key.ChainKey.ToByteArray();
        var passed = new Queue<StoredSeed>();
        for (var counter = key.Iteration; counter < message.Iteration; counter++)
        {
            passed.Enqueue(new() { Counter = counter, Seed = ByteString.CopyFrom(Ratchet.NextSeed(chainKey)) });
            if (passed.Count > MaxSkipped) passed.Dequeue();
        }

        var plaintext = Open(Ratchet.NextSeed(chainKey), message);
        key.ChainKey = ByteString.CopyFrom(chainKey);
        key.Iteration = message.Iteration + 1;
        key.Skipped.AddRange(passed);
        while (key.Skipped.Count > MaxSkipped) key.Skipped.RemoveAt(0);
        return plaintext;
    }

    private static byte[] Open(ReadOnlySpan<byte> seed, SenderKeyMessage message)
    {
        var keys = new SenderMessageKeys(seed);
        try
        {
            return keys.Decrypt(message.Ciphertext.Span);
        }
        finally
        {
            keys.Clear();
        }
    }
}
