using System.Buffers.Binary;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Messages;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages;

/// <summary>Tokens by which people allow others to write to them. Source: docs/protocol/message-kinds.md.</summary>
internal static class PrivacyTokens
{
    private const long BucketSeconds = 604_800;

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
        return IsInWindow(BinaryPrimitives.ReadInt64BigEndian(stored), now) ? stored[8..] : null;
    }

    /// <summary>Keeps a token; an older one than is there is dropped.</summary>
    public static async ValueTask SaveAsync(IDeviceStore store, Jid user, byte[] token, long issuedAtSeconds, StoreBatch batch, CancellationToken ct)
    {
        if (await store.GetAsync(StateKind.PrivacyToken, user.User, ct) is { Length: > 8 } known && BinaryPrimitives.ReadInt64BigEndian(known) > issuedAtSeconds) return;
        var stored = new byte[8 + token.Length];
        BinaryPrimitives.WriteInt64BigEndian(stored, issuedAtSeconds);
        token.CopyTo(stored, 8);
        batch.Put(StateKind.PrivacyToken, user.User, stored);
    }

    /// <summary>When we gave a person our token last, in unix seconds; null when never, or too long ago to count.</summary>
    public static async ValueTask<long?> FindIssuedAsync(IDeviceStore store, Jid user, DateTimeOffset now, CancellationToken ct) =>
        await store.GetAsync(StateKind.TokenIssued, user.User, ct) is { Length: 8 } stored && BinaryPrimitives.ReadInt64BigEndian(stored) is var at && IsInWindow(at, now) ? at : null;

    public static void SaveIssued(Jid user, long atSeconds, StoreBatch batch)
    {
        var stored = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(stored, atSeconds);
        batch.Put(StateKind.TokenIssued, user.User, stored);
    }

    /// <summary>The week, counted from 1970, that a token of this time belongs to.</summary>
    public static long PeriodOf(long atSeconds) => atSeconds / BucketSeconds;

    private static bool IsInWindow(long atSeconds, DateTimeOffset now) => atSeconds >= (PeriodOf(now.ToUnixTimeSeconds()) - (Buckets - 1)) * BucketSeconds;
}
