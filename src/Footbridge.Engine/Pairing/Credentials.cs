using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Pairing;

/// <summary>The key material and addresses of one linked (or about to be linked) device. Immutable: a change is a new value.</summary>
internal sealed record Credentials
{
    private const int MaxRegistrationId = 16380;

    public required KeyPair NoiseKey { get; init; }

    public required LocalIdentity Identity { get; init; }

    public required SignedPreKey SignedPreKey { get; init; }

    /// <summary>32 bytes that prove to the phone whose QR code it scanned.</summary>
    public required byte[] AdvSecret { get; init; }

    /// <summary>Null until the device is linked.</summary>
    public Account? Account { get; init; }

    /// <summary>The signed device identity that goes with first messages; empty until linked.</summary>
    public byte[] SignedIdentity { get; init; } = [];

    public byte[] RoutingInfo { get; init; } = [];

    public string? Platform { get; init; }

    /// <summary>New material for a device that is not linked yet.</summary>
    public static Credentials Create()
    {
        var identity = Curve25519.GenerateKeyPair();
        return new()
        {
            NoiseKey = Curve25519.GenerateKeyPair(),
            Identity = new(identity, (uint)RandomNumberGenerator.GetInt32(1, MaxRegistrationId + 1)),
            SignedPreKey = SignedPreKey.Create(identity, 1),
            AdvSecret = RandomNumberGenerator.GetBytes(32),
        };
    }

    /// <summary>The stored credentials, or null.</summary>
    /// <exception cref="ProtocolException">What is stored cannot be read.</exception>
    public static async ValueTask<Credentials?> LoadAsync(IDeviceStore store, CancellationToken ct) =>
        await store.GetAsync(StateKind.Credentials, "", ct) is { } bytes ? StoredCredentials.Read(bytes) : null;

    public void Save(StoreBatch batch) => batch.Put(StateKind.Credentials, "", StoredCredentials.Write(this));

    public override string ToString() => "Credentials [redacted]";
}

/// <summary>Credentials as they lie in the store.</summary>
internal sealed record StoredCredentials(
    byte[] NoiseKey, byte[] Identity, uint RegistrationId, uint SignedPreKeyId, byte[] SignedPreKey, byte[] SignedPreKeySignature, byte[] AdvSecret,
    string? Phone, string? Lid, string? PushName, byte[] SignedIdentity, byte[] RoutingInfo, string? Platform)
{
    public static byte[] Write(Credentials c) => JsonSerializer.SerializeToUtf8Bytes(
        new StoredCredentials(
            c.NoiseKey.Private, c.Identity.Identity.Private, c.Identity.RegistrationId, c.SignedPreKey.Id, c.SignedPreKey.Key.Private, c.SignedPreKey.Signature,
            c.AdvSecret, c.Account?.Phone.ToString(), c.Account?.Lid?.ToString(), c.Account?.PushName, c.SignedIdentity, c.RoutingInfo, c.Platform),
        EngineJson.Default.StoredCredentials);

    public static Credentials Read(byte[] bytes)
    {
        var s = StoredJson.Parse(bytes, EngineJson.Default.StoredCredentials, "the stored credentials");
        return new()
        {
            NoiseKey = Pair(s.NoiseKey),
            Identity = new(Pair(s.Identity), s.RegistrationId),
            SignedPreKey = new(s.SignedPreKeyId, Pair(s.SignedPreKey), s.SignedPreKeySignature),
            AdvSecret = s.AdvSecret,
            Account = s.Phone is null ? null : new(Jid.Parse(s.Phone), s.Lid is null ? null : Jid.Parse(s.Lid), s.PushName),
            SignedIdentity = s.SignedIdentity,
            RoutingInfo = s.RoutingInfo,
            Platform = s.Platform,
        };
    }

    private static KeyPair Pair(byte[] privateKey) => new(privateKey, Curve25519.PublicKeyOf(privateKey));
}

[JsonSerializable(typeof(StoredCredentials))]
[JsonSerializable(typeof(Messages.StoredOutgoing))]
[JsonSerializable(typeof(Messages.StoredMessage))]
[JsonSerializable(typeof(Messages.StoredSecret))]
[JsonSerializable(typeof(Messages.StoredVote))]
[JsonSerializable(typeof(Messages.StoredWaiting))]
internal sealed partial class EngineJson : JsonSerializerContext;
