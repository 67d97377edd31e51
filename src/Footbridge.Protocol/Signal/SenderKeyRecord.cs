using System.Buffers.Binary;
using System.Security.Cryptography;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal.Storage;
using Google.Protobuf;

namespace Footbridge.Protocol.Signal;

/// <summary>The sender keys of one device in one group: the newest and up to four before it. Not thread-safe.</summary>
/// <remarks>A device's own record also holds the private signing key. Source: docs/protocol/groups.md.</remarks>
public sealed class SenderKeyRecord
{
    public const int MaxStates = 5;
    private readonly StoredSenderKeys _stored;

    /// <summary>A record without a key.</summary>
    public SenderKeyRecord() => _stored = new();

    private SenderKeyRecord(StoredSenderKeys stored) => _stored = stored;

    public bool HasKey => _stored.States.Count > 0;

    /// <summary>Id of the newest key, or null.</summary>
    public uint? KeyId => Newest?.Id;

    /// <summary>Number of the next message under the newest key.</summary>
    public uint Iteration => Newest?.Iteration ?? 0;

    internal StoredSenderKey? Newest => _stored.States.Count == 0 ? null : _stored.States[0];

    /// <summary>A new own key, to be distributed before it is used.</summary>
    public static SenderKeyRecord Create()
    {
        var signing = Curve25519.GenerateKeyPair();
        Span<byte> id = stackalloc byte[4];
        RandomNumberGenerator.Fill(id);
        var key = new StoredSenderKey
        {
            // Other clients keep the id in a signed 32-bit number.
            Id = BinaryPrimitives.ReadUInt32BigEndian(id) & int.MaxValue,
            ChainKey = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(Ratchet.KeyBytes)),
            SigningPublic = ByteString.CopyFrom(signing.Public),
            SigningPrivate = ByteString.CopyFrom(signing.Private),
        };
        return new(new StoredSenderKeys { States = { key } });
    }

    /// <exception cref="ProtocolException">The bytes are no stored sender keys.</exception>
    public static SenderKeyRecord Parse(ReadOnlySpan<byte> bytes) => new(Protobuf.Parse(StoredSenderKeys.Parser, bytes));

    public byte[] Serialize() => _stored.ToByteArray();

    /// <summary>The distribution message by which others can open what is encrypted from now on.</summary>
    /// <exception cref="SignalException">There is no key.</exception>
    public byte[] Distribution()
    {
        var key = Newest ?? throw new SignalException(SignalError.NoSession, "there is no sender key to distribute");
        var body = new SenderKeyDistribution
        {
            Id = key.Id,
            Iteration = key.Iteration,
            ChainKey = key.ChainKey,
            SigningKey = ByteString.CopyFrom(SignalKeys.WithType(key.SigningPublic.Span)),
        };
        return [SessionCipher.Version, .. body.ToByteArray()];
    }

    /// <summary>Takes in a distribution message. A key that is known already keeps its place in its chain, so that nothing opens twice.</summary>
    /// <exception cref="SignalException">The message is malformed; the record is unchanged.</exception>
    public void Take(ReadOnlySpan<byte> distribution)
    {
        var key = ParseDistribution(distribution);
        for (var i = 0; i < _stored.States.Count; i++)
        {
            if (_stored.States[i].Id != key.Id) continue;
            if (_stored.States[i].SigningPublic.Span.SequenceEqual(key.SigningPublic.Span)) key = _stored.States[i];
            _stored.States.RemoveAt(i);
            break;
        }

        _stored.States.Insert(0, key);
        while (_stored.States.Count > MaxStates) _stored.States.RemoveAt(_stored.States.Count - 1);
    }

    internal StoredSenderKey? Find(uint id) => _stored.States.FirstOrDefault(state => state.Id == id);

    private static StoredSenderKey ParseDistribution(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2 || bytes[0] >> 4 != SessionCipher.Version >> 4) throw new SignalException(SignalError.InvalidMessage, "a sender key distribution of another version");
        SenderKeyDistribution parsed;
        try
        {
            parsed = Protobuf.Parse(SenderKeyDistribution.Parser, bytes[1..]);
        }
        catch (ProtocolException e) when (e is not SignalException)
        {
            throw new SignalException(SignalError.InvalidMessage, "a malformed sender key distribution", e);
        }

        if (parsed.ChainKey.Length != Ratchet.KeyBytes) throw new SignalException(SignalError.InvalidKey, $"a chain key of {parsed.ChainKey.Length} bytes");
        return new()
        {
            Id = parsed.Id,
            Iteration = parsed.Iteration,
            ChainKey = parsed.ChainKey,
            SigningPublic = ByteString.CopyFrom(SignalKeys.WithoutType(parsed.SigningKey.Span)),
        };
    }
}
