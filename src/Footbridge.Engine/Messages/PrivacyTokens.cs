using System.Buffers.Binary;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Messages;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages;

/// <summary>Tokens by which people allow others to write to them. Source: docs/protocol/message-kinds.md.</summary>
internal static class PrivacyTokens
{
    /// <summary>Length of one period.</summary>
    public const long BucketSeconds = 604_800;

    private const int Buckets = 4;

    /// <summary>What goes with a message to a person: that person's token for us, else one made from the account's salt, else nothing.</summary>
    public static async ValueTask<Node?> NodeAsync(IDeviceStore store, Jid person, DateTimeOffset now, CancellationToken ct)
    {
        if (await FindAsync(store, person, now, ct) is { } token) return Node.OfBytes("tctoken", token);
        return person.IsLid && await store.GetAsync(StateKind.AccountSecret, AccountSecrets.NctSalt, ct) is { Length: > 0 } salt ? Node.OfBytes("cstoken", NewChatToken.Of(salt, person)) : null;
    }

    /// <summary>A person's token for us while it is valid, else null.</summary>
    public static async ValueTask<byte[]?> FindAsync(IDeviceStore store, Jid user, DateTimeOffset now, CancellationToken ct)
    {
        if (await store.GetAsync(StateKind.PrivacyToken, user.User, ct) is not { Length: > 8 } stored) return null;
        var issued = BinaryPrimitives.ReadInt64BigEndian(stored);
        return issued >= (now.ToUnixTimeSeconds() / BucketSeconds - (Buckets - 1)) * BucketSeconds ? stored[8..] : null;
    }

    public static void Save(Jid user, byte[] token, long issuedAtSeconds, StoreBatch batch)
    {
        var stored = new byte[8 + token.Length];
        BinaryPrimitives.WriteInt64BigEndian(stored, issuedAtSeconds);
        token.CopyTo(stored, 8);
        batch.Put(StateKind.PrivacyToken, user.User, stored);
    }
}
