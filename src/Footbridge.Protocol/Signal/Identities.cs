namespace Footbridge.Protocol.Signal;

/// <summary>The account's own identity on this device. <paramref name="RegistrationId"/> is 1 to 16380.</summary>
public sealed record LocalIdentity(KeyPair Identity, uint RegistrationId);

/// <summary>A prekey that stays for weeks, signed with the identity key over <c>05</c> and its public key.</summary>
public sealed record SignedPreKey(uint Id, KeyPair Key, byte[] Signature)
{
    public static SignedPreKey Create(KeyPair identity, uint id)
    {
        var key = Curve25519.GenerateKeyPair();
        return new(id, key, Curve25519.Sign(identity.Private, SignalKeys.WithType(key.Public)));
    }
}

/// <summary>What a stranger needs to start a session with one device; keys are 32 bytes.</summary>
public sealed record PreKeyBundle(
    uint RegistrationId, byte[] IdentityKey, uint SignedPreKeyId, byte[] SignedPreKey, byte[] SignedPreKeySignature, uint? PreKeyId, byte[]? PreKey);
