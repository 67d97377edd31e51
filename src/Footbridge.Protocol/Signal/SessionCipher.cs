using System.Security.Cryptography;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal.Storage;
using Google.Protobuf;

namespace Footbridge.Protocol.Signal;

/// <summary>An encrypted message and the stanza's name for its kind: <c>msg</c> or <c>pkmsg</c>.</summary>
public readonly record struct CipherText(string Type, byte[] Bytes);

/// <summary>An opened <c>pkmsg</c>. The caller deletes the one-time prekey in the same commit.</summary>
public sealed record PreKeyDecryption(byte[] Plaintext, uint? UsedPreKeyId, byte[] IdentityKey);

/// <summary>Encrypts and decrypts in a session. A call that throws leaves the record as it was.</summary>
/// <remarks>Limits: 2,000 skipped messages a chain, 5 receiving chains. Source: docs/protocol/signal.md.</remarks>
public static class SessionCipher
{
    public const int MaxSkipped = 2000;
    internal const byte Version = 0x33;

    /// <exception cref="SignalException">There is no session.</exception>
    public static CipherText Encrypt(SessionRecord record, LocalIdentity me, ReadOnlySpan<byte> plaintext)
    {
        var session = record.Current ?? throw new SignalException(SignalError.NoSession, "there is no session to encrypt in");
        var chainKey = session.SendingChainKey.ToByteArray();
        var keys = new MessageKeys(Ratchet.NextSeed(chainKey));
        var body = new SignalMessage
        {
            RatchetKey = ByteString.CopyFrom(SignalKeys.WithType(session.RatchetPublic.Span)),
            Counter = session.SendingCounter,
            PreviousCounter = session.PreviousCounter,
            Ciphertext = ByteString.CopyFrom(keys.Encrypt(plaintext)),
        }.ToByteArray();
        byte[] versioned = [Version, .. body];
        byte[] message = [.. versioned, .. keys.Mac(session.LocalIdentity.Span, session.RemoteIdentity.Span, versioned)];
        keys.Clear();
        session.SendingChainKey = ByteString.CopyFrom(chainKey);
        session.SendingCounter++;
        return session.Pending is { } pending ? new("pkmsg", Wrap(pending, me, message)) : new("msg", message);
    }

    /// <summary>Opens a <c>msg</c>, in the current session or an archived one, which then becomes the current one.</summary>
    /// <exception cref="SignalException">No session opens it, or it was opened before.</exception>
    public static byte[] Decrypt(SessionRecord record, ReadOnlySpan<byte> message)
    {
        var parsed = IncomingMessage.Parse(message);
        if (record.Current is null) throw new SignalException(SignalError.NoSession, "there is no session to decrypt in");
        SignalException? first = null;
        for (var i = -1; i < record.Archived.Count; i++)
        {
            var next = (i < 0 ? record.Current : record.Archived[i]).Clone();
            try
            {
                var plaintext = Open(next, parsed);
                record.Advance(i, next);
                return plaintext;
            }
            catch (SignalException e) when (e.Error != SignalError.Duplicate)
            {
                first ??= e;
            }
        }

        throw first!;
    }

    /// <summary>Opens a <c>pkmsg</c>, in the session it belongs to or a new one made from the keys it names.</summary>
    /// <param name="signedPreKey">Finds a signed prekey by id, or null.</param>
    /// <param name="preKey">Finds a one-time prekey by id, or null.</param>
    /// <exception cref="SignalException">A key it names is gone (<see cref="SignalError.InvalidKeyId"/>), or it does not open.</exception>
    public static PreKeyDecryption DecryptPreKey(
        SessionRecord record, LocalIdentity me, ReadOnlySpan<byte> message, Func<uint, KeyPair?> signedPreKey, Func<uint, KeyPair?> preKey)
    {
        var parsed = PreKeyMessage.Parse(message);
        if (IsKnown(record, parsed)) return new(Decrypt(record, parsed.Inner), null, parsed.IdentityKey);
        var signed = signedPreKey(parsed.SignedPreKeyId) ?? throw new SignalException(SignalError.InvalidKeyId, "the signed prekey is gone");
        var oneTime = parsed.PreKeyId is { } id
            ? preKey(id) ?? throw new SignalException(SignalError.InvalidKeyId, "the one-time prekey is gone")
            : null;
        var session = SessionBuilder.Respond(me, parsed, signed, oneTime);
        var plaintext = Open(session, IncomingMessage.Parse(parsed.Inner));
        record.Promote(session);
        return new(plaintext, parsed.PreKeyId, parsed.IdentityKey);
    }

    private static bool IsKnown(SessionRecord record, PreKeyMessage message)
    {
        if (record.Current is null) return false;
        return record.Archived.Prepend(record.Current).Any(session =>
            CryptographicOperations.FixedTimeEquals(session.BaseKey.Span, message.BaseKey)
            && CryptographicOperations.FixedTimeEquals(session.RemoteIdentity.Span, message.IdentityKey));
    }

    private static byte[] Open(StoredSession session, IncomingMessage message)
    {
        var chain = session.Receiving.FirstOrDefault(c => c.RatchetKey.Span.SequenceEqual(message.RatchetKey)) ?? Ratchet.Turn(session, message.RatchetKey);
        var keys = new MessageKeys(SeedOf(chain, message.Counter));
        try
        {
            var mac = keys.Mac(session.RemoteIdentity.Span, session.LocalIdentity.Span, message.Versioned);
            if (!CryptographicOperations.FixedTimeEquals(mac, message.Mac)) throw new SignalException(SignalError.BadMac, "the message fails its authentication");
            var plaintext = keys.Decrypt(message.Ciphertext);
            session.Pending = null;
            return plaintext;
        }
        finally
        {
            keys.Clear();
        }
    }

    private static byte[] SeedOf(StoredChain chain, uint counter)
    {
        if (counter < chain.Counter) return TakeSkipped(chain, counter);
        if (counter - chain.Counter > MaxSkipped) throw new SignalException(SignalError.FutureMessage, "the message is too far ahead in its chain");
        var chainKey = chain.ChainKey.ToByteArray();
        while (chain.Counter < counter)
        {
            chain.Skipped.Add(new StoredSeed { Counter = chain.Counter, Seed = ByteString.CopyFrom(Ratchet.NextSeed(chainKey)) });
            chain.Counter++;
        }

        while (chain.Skipped.Count > MaxSkipped) chain.Skipped.RemoveAt(0);
        var seed = Ratchet.NextSeed(chainKey);
        chain.ChainKey = ByteString.CopyFrom(chainKey);
        chain.Counter++;
        return seed;
    }

    private static byte[] TakeSkipped(StoredChain chain, uint counter)
    {
        for (var i = 0; i < chain.Skipped.Count; i++)
        {
            if (chain.Skipped[i].Counter != counter) continue;
            var seed = chain.Skipped[i].Seed.ToByteArray();
            chain.Skipped.RemoveAt(i);
            return seed;
        }

        throw new SignalException(SignalError.Duplicate, "the message was opened before");
    }

    private static byte[] Wrap(StoredPreKey pending, LocalIdentity me, byte[] message)
    {
        var wrapped = new PreKeySignalMessage
        {
            RegistrationId = me.RegistrationId,
            SignedPreKeyId = pending.SignedPreKeyId,
            BaseKey = ByteString.CopyFrom(SignalKeys.WithType(pending.BaseKey.Span)),
            IdentityKey = ByteString.CopyFrom(SignalKeys.WithType(me.Identity.Public)),
            Message = ByteString.CopyFrom(message),
        };
        if (pending.HasPreKeyId) wrapped.PreKeyId = pending.PreKeyId;
        return [Version, .. wrapped.ToByteArray()];
    }
}
