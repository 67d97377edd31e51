using System.Security.Cryptography;
using Footbridge.Protocol.Generated;
using Google.Protobuf;
using Operation = Footbridge.Protocol.Generated.SyncdMutation.Types.SyncdOperation;

namespace Footbridge.Protocol.AppState;

/// <summary>One record of the app state, opened and found authentic.</summary>
/// <param name="IsSet">False when it removes what its index names.</param>
public sealed record SyncRecord(bool IsSet, byte[] IndexMac, byte[] ValueMac, SyncActionData Data)
{
    private const int IvBytes = 16;
    private const int BlockBytes = 16;
    private const int MinBytes = IvBytes + BlockBytes + AppStateKeys.MacBytes;

    /// <summary>Seals an action for the account's devices.</summary>
    /// <param name="version">The action's own version, see <see cref="SyncActionKind"/>.</param>
    public static (SyncdMutation Sealed, SyncRecord Record) Seal(AppStateKeys keys, bool isSet, byte[] index, SyncActionValue value, int version)
    {
        var data = new SyncActionData { Index = ByteString.CopyFrom(index), Value = value, Padding = ByteString.Empty, Version = version };
        var iv = RandomNumberGenerator.GetBytes(IvBytes);
        using var aes = Aes.Create();
        aes.SetKey(keys.ValueEncryption);
        byte[] sealedValue = [.. iv, .. aes.EncryptCbc(data.ToByteArray(), iv)];
        var record = new SyncRecord(isSet, keys.IndexMac(index), keys.ValueMac(isSet, sealedValue), data);
        return (
            new()
            {
                Operation = isSet ? Operation.Set : Operation.Remove,
                Record = new()
                {
                    Index = new() { Blob = ByteString.CopyFrom(record.IndexMac) },
                    Value = new() { Blob = ByteString.CopyFrom([.. sealedValue, .. record.ValueMac]) },
                    KeyId = new() { Id = ByteString.CopyFrom(keys.Id) },
                },
            },
            record);
    }

    /// <exception cref="MissingAppStateKeyException">Its key is not there.</exception>
    /// <exception cref="AppStateMismatchException">The value or the index is not what the key's owner wrote.</exception>
    /// <exception cref="ProtocolException">It is malformed.</exception>
    public static SyncRecord Open(bool isSet, SyncdRecord record, Func<ReadOnlyMemory<byte>, AppStateKeys?> findKeys)
    {
        var id = record.KeyId?.Id.Memory ?? default;
        var keys = findKeys(id) ?? throw new MissingAppStateKeyException(id.ToArray());
        var blob = (record.Value?.Blob ?? ByteString.Empty).Span;
        if (blob.Length < MinBytes) ProtocolException.ThrowTruncated(MinBytes, blob.Length);
        var sealedValue = blob[..^AppStateKeys.MacBytes];
        var mac = blob[^AppStateKeys.MacBytes..];
        if (!CryptographicOperations.FixedTimeEquals(keys.ValueMac(isSet, sealedValue), mac)) throw new AppStateMismatchException("value");
        var data = Protobuf.Parse(SyncActionData.Parser, Decrypt(keys, sealedValue));
        var indexMac = keys.IndexMac(data.Index.Span);
        if (!CryptographicOperations.FixedTimeEquals(indexMac, (record.Index?.Blob ?? ByteString.Empty).Span)) throw new AppStateMismatchException("index");
        return new(isSet, indexMac, mac.ToArray(), data);
    }

    /// <inheritdoc cref="Open(bool, SyncdRecord, Func{ReadOnlyMemory{byte}, AppStateKeys?})"/>
    public static SyncRecord Open(SyncdMutation mutation, Func<ReadOnlyMemory<byte>, AppStateKeys?> findKeys) =>
        Open(mutation.Operation == Operation.Set, mutation.Record ?? throw new ProtocolException("a mutation without a record"), findKeys);

    /// <summary>No contents: they are private.</summary>
    public override string ToString() => $"SyncRecord {(IsSet ? "set" : "remove")} [redacted]";

    private static byte[] Decrypt(AppStateKeys keys, ReadOnlySpan<byte> sealedValue)
    {
        using var aes = Aes.Create();
        aes.SetKey(keys.ValueEncryption);
        try
        {
            return aes.DecryptCbc(sealedValue[IvBytes..], sealedValue[..IvBytes]);
        }
        catch (CryptographicException e)
        {
            throw new ProtocolException("an app state value does not decrypt", e);
        }
    }
}
