using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Footbridge.Protocol.AppState;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.Answers;
using Footbridge.Simulator.WhatsApp.State;
using Google.Protobuf;
using PdoType = Footbridge.Protocol.Generated.Message.Types.PeerDataOperationRequestType;
using ProtocolMessage = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage;

namespace Footbridge.Simulator.WhatsApp.Phone;

/// <summary>What a person does on the phone that all devices share, and the phone's part in it: it makes the keys and gives them to its devices.</summary>
internal sealed class PhoneAppState
{
    private const int KeyBytes = 32;
    private readonly FakePhone _phone;
    private readonly SimAccount _account;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<Message.Types.AppStateSyncKey> _keys = [];
    private readonly HashSet<SimDevice> _sharedWith = [];
    private readonly List<string> _asked = [];
    private AppStateKeys _newest = null!;

    public PhoneAppState(FakePhone phone, SimAccount account, TimeProvider time)
    {
        (_phone, _account, _time) = (phone, account, time);
        NewKey();
        account.KeysUploaded += device =>
        {
            if (SharesKeys && device.Number != 0) ShareKeys(device);
        };
    }

    /// <summary>Whether new devices get the keys by themselves.</summary>
    public bool SharesKeys { get; set; } = true;

    /// <summary>Whether devices that ask for keys get them.</summary>
    public bool AnswersRequests { get; set; } = true;

    /// <summary>Ids of keys that devices asked for, in hex, and names of collections they want copies of.</summary>
    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (_gate) return [.. _asked];
        }
    }

    /// <summary>Changes from now on are sealed with another key, which devices that are linked already do not have unless it is shared.</summary>
    public void NewKey()
    {
        lock (_gate)
        {
            var id = new byte[6];
            BinaryPrimitives.WriteUInt32BigEndian(id.AsSpan(2), (uint)_keys.Count + 1);
            var data = RandomNumberGenerator.GetBytes(KeyBytes);
            _newest = new(id, data);
            _account.AppState.Learn(_newest);
            _keys.Add(new()
            {
                KeyId = new() { KeyId = ByteString.CopyFrom(id) },
                KeyData = new()
                {
                    KeyData = ByteString.CopyFrom(data),
                    Timestamp = _time.GetUtcNow().ToUnixTimeMilliseconds() + _keys.Count,
                    Fingerprint = new() { RawId = 1, CurrentIndex = 0, DeviceIndexes = { 0 } },
                },
            });
        }
    }

    /// <summary>Gives a device all keys; new devices get them once by themselves. Returns the message's id, or null when the device has had them.</summary>
    public string? ShareKeys(SimDevice device, bool again = false)
    {
        var share = new Message.Types.AppStateSyncKeyShare();
        lock (_gate)
        {
            if (!_sharedWith.Add(device) && !again) return null;
            share.Keys.AddRange(_keys);
        }

        return _phone.SendToDevice(device, new() { Type = ProtocolMessage.Types.Type.AppStateSyncKeyShare, AppStateSyncKeyShare = share });
    }

    /// <summary>Does something on the phone.</summary>
    /// <param name="isTold">Whether the other devices hear of it; otherwise they find out when they next ask.</param>
    public void Do(SyncActionKind kind, string[] parts, SyncActionValue value, bool isSet = true, bool isTold = true)
    {
        var (state, name) = (_account.AppState, kind.Collection);
        value.Timestamp = _time.GetUtcNow().ToUnixTimeMilliseconds();
        SyncdPatch patch;
        ulong version;
        do
        {
            var before = state.StateOf(name);
            version = before.Version;
            lock (_gate) patch = before.Patch([SyncRecord.Seal(_newest, isSet, kind.Index(parts), value, kind.Version)], _newest, name, mac => state.MacOf(name, mac)).Patch;
        }
        while (!state.Push(name, version, patch));
        if (isTold) AppStateAnswers.Tell(_account.Device(0)!, name, _time);
    }

    public void Pin(Jid chat, bool isPinned) => Do(SyncActions.Pin, [chat.ToString()], new() { PinAction = new() { Pinned = isPinned } });

    public void Archive(Jid chat, bool isArchived) => Do(SyncActions.Archive, [chat.ToString()], new() { ArchiveChatAction = new() { Archived = isArchived } });

    public void SaveContact(Jid person, string fullName, Jid? lid = null) => Do(SyncActions.Contact, [person.ToString()],
        new() { ContactAction = lid is { } l ? new() { FullName = fullName, FirstName = fullName.Split(' ')[0], LidJid = l.ToString() } : new() { FullName = fullName, FirstName = fullName.Split(' ')[0] } });

    public void SaveLabel(string id, string name, int color, bool isDeleted = false) =>
        Do(SyncActions.LabelEdit, [id], new() { LabelEditAction = new() { Name = name, Color = color, Deleted = isDeleted } });

    /// <summary>What the phone shows for an index, or null.</summary>
    public SyncActionValue? Find(SyncActionKind kind, params string[] parts)
    {
        var index = ByteString.CopyFrom(kind.Index(parts));
        return _account.AppState.Records(kind.Collection).LastOrDefault(r => r.Data.Index.Equals(index))?.Data.Value;
    }

    /// <summary>Puts the whole collection on the media host as one, as phones do now and then.</summary>
    public void MakeSnapshot(string collection)
    {
        var state = _account.AppState.StateOf(collection);
        var snapshot = new SyncdSnapshot { Version = new() { Version = state.Version } };
        lock (_gate)
        {
            snapshot.Mac = ByteString.CopyFrom(_newest.SnapshotMac(state.Hash, state.Version, collection));
            snapshot.KeyId = new() { Id = ByteString.CopyFrom(_newest.Id) };
        }

        snapshot.Records.AddRange(_account.AppState.Sealed(collection));
        var (file, length) = _phone.Media.Upload(MediaKind.AppState, snapshot.ToByteArray());
        _account.AppState.Keep(collection, state.Version, new()
        {
            MediaKey = ByteString.CopyFrom(file.Key),
            DirectPath = file.DirectPath,
            FileSha256 = ByteString.CopyFrom(file.FileSha256),
            FileEncSha256 = ByteString.CopyFrom(file.FileEncSha256),
            FileSizeBytes = length,
        });
    }

    /// <summary>A device asks for keys.</summary>
    public void TakeKeyRequest(SimDevice device, Message.Types.AppStateSyncKeyRequest request)
    {
        lock (_gate) _asked.AddRange(request.KeyIds.Select(id => Convert.ToHexString(id.KeyId.Span)));
        if (AnswersRequests) ShareKeys(device, again: true);
    }

    /// <summary>A device asks for the phone's own copy of a collection.</summary>
    public void TakeRecoveryRequest(SimDevice device, string requestId, string collection)
    {
        lock (_gate) _asked.Add(collection);
        var state = _account.AppState.StateOf(collection);
        var copy = new SyncdSnapshotRecovery { Version = new() { Version = state.Version }, CollectionName = collection, CollectionLthash = ByteString.CopyFrom(state.Hash.Bytes) };
        copy.MutationRecords.AddRange(_account.AppState.Records(collection).Zip(_account.AppState.Sealed(collection))
            .Select(r => new SyncdPlainTextRecord { Value = r.First.Data, KeyId = r.Second.KeyId.Id, Mac = ByteString.CopyFrom(r.First.ValueMac) }));
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)) copy.WriteTo(gzip);
        var answer = new Message.Types.PeerDataOperationRequestResponseMessage { PeerDataOperationRequestType = PdoType.CompanionSyncdSnapshotFatalRecovery, StanzaId = requestId };
        answer.PeerDataOperationResult.Add(new Message.Types.PeerDataOperationRequestResponseMessage.Types.PeerDataOperationResult
        {
            SyncdSnapshotFatalRecoveryResponse = new() { CollectionSnapshot = ByteString.CopyFrom(compressed.ToArray()), IsCompressed = true },
        });
        _phone.SendToDevice(device, new() { Type = ProtocolMessage.Types.Type.PeerDataOperationRequestResponseMessage, PeerDataOperationRequestResponseMessage = answer });
    }
}
