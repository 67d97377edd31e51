using Footbridge.Protocol.Signal.Storage;
using Google.Protobuf;

namespace Footbridge.Protocol.Signal;

/// <summary>All sessions with one device: the current one and up to 40 that it replaced. Not thread-safe.</summary>
public sealed class SessionRecord
{
    public const int MaxArchived = 40;
    private readonly StoredSessions _stored;

    public SessionRecord() => _stored = new();

    private SessionRecord(StoredSessions stored) => _stored = stored;

    /// <summary>Whether a message can be encrypted.</summary>
    public bool HasSession => _stored.Current is not null;

    /// <summary>The other device's identity key, 32 bytes, when there is a session.</summary>
    public byte[]? RemoteIdentity => _stored.Current?.RemoteIdentity.ToByteArray();

    /// <summary>The other device's registration id; 0 when there is no session.</summary>
    public uint RemoteRegistrationId => _stored.Current?.RemoteRegistrationId ?? 0;

    internal StoredSession? Current => _stored.Current;

    internal IReadOnlyList<StoredSession> Archived => _stored.Archived;

    /// <exception cref="ProtocolException">The bytes are no stored session.</exception>
    public static SessionRecord Parse(ReadOnlySpan<byte> bytes) => new(Protobuf.Parse(StoredSessions.Parser, bytes));

    public byte[] Serialize() => _stored.ToByteArray();

    /// <summary>Makes a session the current one and archives the one before.</summary>
    internal void Promote(StoredSession session)
    {
        if (_stored.Current is { } former) _stored.Archived.Insert(0, former);
        _stored.Current = session;
        while (_stored.Archived.Count > MaxArchived) _stored.Archived.RemoveAt(_stored.Archived.Count - 1);
    }

    /// <summary>Replaces the session at a position (-1: the current one) with its next state, and makes it the current one.</summary>
    internal void Advance(int archivedIndex, StoredSession next)
    {
        if (archivedIndex < 0)
        {
            _stored.Current = next;
            return;
        }

        _stored.Archived.RemoveAt(archivedIndex);
        Promote(next);
    }
}
