using System.Buffers.Binary;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages;

/// <summary>Tokens by which people allow others to write to them. Source: docs/protocol/messages.md.</summary>
internal static class PrivacyTokens
{
    private const long BucketSeconds = 604_800;
    private const int Buckets = 4;

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
