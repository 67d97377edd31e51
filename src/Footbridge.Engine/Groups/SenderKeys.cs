using Footbridge.Engine.Connection;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Groups;

/// <summary>Sender keys by group and device, and which devices hold the account's own: read through a cache, changed through batches. Inside the loop only.</summary>
/// <remarks>A device is named by its encryption address: its LID when known. Source: docs/protocol/groups.md.</remarks>
internal sealed class SenderKeys(IDeviceStore store, Commits commits)
{
    private const int CachedKeys = 512;
    private const int CachedHolders = 64;
    private const int MaxGroups = 10_000;
    private readonly GenerationCache<SenderKeyRecord> _records = new(CachedKeys);
    private readonly GenerationCache<KeyHolders> _holders = new(CachedHolders);

    /// <summary>A device's keys in a group; an empty record when there are none.</summary>
    public async ValueTask<SenderKeyRecord> FindAsync(Jid chat, Jid device, CancellationToken ct)
    {
        var key = KeyOf(chat, device);
        if (_records.TryGet(key, out var cached)) return cached;
        if (_records.IsFull) await commits.DrainAsync();
        var record = await store.GetAsync(StateKind.SenderKey, key, ct) is { } stored ? SenderKeyRecord.Parse(stored) : new SenderKeyRecord();
        _records.Set(key, record);
        return record;
    }

    public void Save(Jid chat, Jid device, SenderKeyRecord record, StoreBatch batch)
    {
        var key = KeyOf(chat, device);
        _records.Set(key, record);
        batch.Put(StateKind.SenderKey, key, record.Serialize());
    }

    /// <summary>Takes in a sender key that a member's device gave us.</summary>
    /// <exception cref="SignalException">The distribution message is malformed.</exception>
    public async ValueTask TakeAsync(Jid chat, Jid device, byte[] distribution, StoreBatch batch, CancellationToken ct)
    {
        var record = await FindAsync(chat, device, ct);
        record.Take(distribution);
        Save(chat, device, record, batch);
    }

    /// <summary>Opens a group message; a key that came under the sender's other address is found there, and moved.</summary>
    /// <exception cref="SignalException">It cannot be opened, or was opened before.</exception>
    public async ValueTask<byte[]> OpenAsync(Jid chat, Jid device, Jid? twin, byte[] message, StoreBatch batch, CancellationToken ct)
    {
        var record = await FindAsync(chat, device, ct);
        try
        {
            var plaintext = SenderKeyCipher.Decrypt(record, message);
            Save(chat, device, record, batch);
            return plaintext;
        }
        catch (SignalException e) when (e.Error == SignalError.NoSession && twin is not null)
        {
            return await OpenUnderTwinAsync(chat, device, twin.Value.WithDevice(device.Device), message, batch, ct);
        }
    }

    /// <summary>Which devices hold the account's own key of a group.</summary>
    public async ValueTask<KeyHolders> HoldersAsync(Jid chat, CancellationToken ct)
    {
        var key = chat.ToString();
        if (_holders.TryGet(key, out var cached)) return cached;
        if (_holders.IsFull) await commits.DrainAsync();
        var holders = await store.GetAsync(StateKind.SenderKeyHolders, key, ct) is { } stored ? KeyHolders.Parse(stored) : new KeyHolders("", []);
        _holders.Set(key, holders);
        return holders;
    }

    public void SaveHolders(Jid chat, KeyHolders holders, StoreBatch batch)
    {
        _holders.Set(chat.ToString(), holders);
        batch.Put(StateKind.SenderKeyHolders, chat.ToString(), holders.Serialize());
    }

    /// <summary>A person's keys changed: none of the person's devices can be taken to hold ours any longer.</summary>
    public async ValueTask ForgetHolderAsync(Jid user, Jid? twin, StoreBatch batch, CancellationToken ct)
    {
        await commits.DrainAsync();
        foreach (var (chat, stored) in await store.ListAsync(StateKind.SenderKeyHolders, "", MaxGroups, ct))
        {
            var holders = KeyHolders.Parse(stored);
            if (holders.RemoveUser(user) | (twin is { } other && holders.RemoveUser(other))) SaveHolders(Jid.Parse(chat), holders, batch);
        }
    }

    private async ValueTask<byte[]> OpenUnderTwinAsync(Jid chat, Jid device, Jid twin, byte[] message, StoreBatch batch, CancellationToken ct)
    {
        var former = await FindAsync(chat, twin, ct);
        var plaintext = SenderKeyCipher.Decrypt(former, message);
        if ((await FindAsync(chat, device, ct)).HasKey)
        {
            Save(chat, twin, former, batch);
            return plaintext;
        }

        Save(chat, device, former, batch);
        _records.Set(KeyOf(chat, twin), new());
        batch.Delete(StateKind.SenderKey, KeyOf(chat, twin));
        return plaintext;
    }

    private static string KeyOf(Jid chat, Jid device) => $"{chat}|{SignalAddress.Of(device)}";
}
