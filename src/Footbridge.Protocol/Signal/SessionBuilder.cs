using Footbridge.Protocol.Signal.Storage;
using Google.Protobuf;

namespace Footbridge.Protocol.Signal;

/// <summary>Starts sessions by X3DH, from either end. Source: docs/protocol/signal.md.</summary>
public static class SessionBuilder
{
    /// <summary>Starts a session toward a device; its messages are <c>pkmsg</c> until the device has answered.</summary>
    /// <exception cref="SignalException">The signed prekey's signature or a key is wrong; the record is unchanged.</exception>
    public static void Initiate(SessionRecord record, LocalIdentity me, PreKeyBundle bundle)
    {
        if (!Curve25519.Verify(bundle.IdentityKey, SignalKeys.WithType(bundle.SignedPreKey), bundle.SignedPreKeySignature))
        {
            throw new SignalException(SignalError.InvalidSignature, "the bundle's signed prekey is not signed by its identity");
        }

        var baseKey = Curve25519.GenerateKeyPair();
        var (root, chain) = bundle.PreKey is { } oneTime
            ? Ratchet.Start(Secret(me.Identity, bundle.SignedPreKey), Secret(baseKey, bundle.IdentityKey), Secret(baseKey, bundle.SignedPreKey), Secret(baseKey, oneTime))
            : Ratchet.Start(Secret(me.Identity, bundle.SignedPreKey), Secret(baseKey, bundle.IdentityKey), Secret(baseKey, bundle.SignedPreKey));
        var session = NewSession(me, bundle.IdentityKey, bundle.RegistrationId, baseKey.Public);
        session.Receiving.Add(new StoredChain { RatchetKey = ByteString.CopyFrom(bundle.SignedPreKey), ChainKey = ByteString.CopyFrom(chain) });
        Ratchet.StartSending(session, root, bundle.SignedPreKey);
        session.Pending = new() { SignedPreKeyId = bundle.SignedPreKeyId, BaseKey = ByteString.CopyFrom(baseKey.Public) };
        if (bundle is { PreKey: not null, PreKeyId: { } id }) session.Pending.PreKeyId = id;
        record.Promote(session);
    }

    /// <summary>The other end's session for a <c>pkmsg</c>, not yet in any record.</summary>
    internal static StoredSession Respond(LocalIdentity me, PreKeyMessage message, KeyPair signedPreKey, KeyPair? oneTime)
    {
        var (root, chain) = oneTime is not null
            ? Ratchet.Start(
                Secret(signedPreKey, message.IdentityKey), Secret(me.Identity, message.BaseKey), Secret(signedPreKey, message.BaseKey), Secret(oneTime, message.BaseKey))
            : Ratchet.Start(Secret(signedPreKey, message.IdentityKey), Secret(me.Identity, message.BaseKey), Secret(signedPreKey, message.BaseKey));
        var session = NewSession(me, message.IdentityKey, message.RegistrationId, message.BaseKey);
        session.RootKey = ByteString.CopyFrom(root);
        session.RatchetPrivate = ByteString.CopyFrom(signedPreKey.Private);
        session.RatchetPublic = ByteString.CopyFrom(signedPreKey.Public);
        session.SendingChainKey = ByteString.CopyFrom(chain);
        return session;
    }

    private static StoredSession NewSession(LocalIdentity me, byte[] remoteIdentity, uint registrationId, byte[] baseKey) => new()
    {
        LocalIdentity = ByteString.CopyFrom(me.Identity.Public),
        RemoteIdentity = ByteString.CopyFrom(remoteIdentity),
        RemoteRegistrationId = registrationId,
        BaseKey = ByteString.CopyFrom(baseKey),
    };

    private static byte[] Secret(KeyPair own, byte[] theirs) => Curve25519.Agree(own.Private, theirs);
}
