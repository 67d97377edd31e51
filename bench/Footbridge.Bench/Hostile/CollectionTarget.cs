using Footbridge.Bench.Hostile.Harness;
using Footbridge.Engine.AppState;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.AppState;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Bench.Hostile;

/// <summary>Collections of the app state from an own device that seals rightly and writes what it likes: as a patch, as several, as a snapshot on a media host, and as the phone's own copy.</summary>
internal static class CollectionTarget
{
    private static readonly AppStateKeys Keys = new([0, 0, 0, 0, 0, 1], new byte[32]);

    public static HostileTarget Create(int seed)
    {
        var store = new HostileStore(Give);
        return new("app state collections", new(seed, [.. Samples().Select(s => s.ToByteArray())], Special, ProtobufMutator.Mutate), input => Parse(store, input));
    }

    private static object? Parse(HostileStore store, byte[] input)
    {
        var copy = Protobuf.Parse(SyncdSnapshotRecovery.Parser, input);
        byte[] blob = [];
        var collection = input.Length % 8 == 1 ? Snapshot(copy, out blob) : Collection(copy, input.Length % 3 == 0);
        var answer = SyncStanzas.Answers(Node.Of("iq", Node.Of("sync", collection))).Single();
        return HostileAccount.Run(store, async account =>
        {
            var collections = new CollectionStore(account.Context.Store);
            var applier = new CollectionApplier(account.Context, collections, new(account.Media));
            await applier.ApplyAsync(answer, CancellationToken.None);
            if (SyncCollections.All.Contains(copy.CollectionName)) await new CollectionRecovery(account.Context, collections, applier, account.Messages.Peers).InstallAsync(copy, CancellationToken.None);
            await collections.ListAsync(answer.Name, CancellationToken.None);
        }, options: new() { MediaHandler = new HostileHost(blob, 0), Media = HostileHost.Options });
    }

    /// <summary>The records as a snapshot with a right MAC, which lies on a media host.</summary>
    private static Node Snapshot(SyncdSnapshotRecovery copy, out byte[] blob)
    {
        var name = copy.HasCollectionName ? copy.CollectionName : SyncCollections.Regular;
        var snapshot = new SyncdSnapshot { Version = new() { Version = copy.Version?.Version ?? 1 }, KeyId = new() { Id = ByteString.CopyFrom(Keys.Id) } };
        var records = copy.MutationRecords.Select(r => SyncRecord.Seal(Keys, true, (r.Value?.Index ?? ByteString.Empty).ToByteArray(), r.Value?.Value ?? new(), 1)).ToList();
        snapshot.Records.AddRange(records.Select(r => r.Sealed.Record));
        var state = CollectionState.Empty.After(snapshot.Version.Version, records.Select(r => r.Record), _ => null);
        snapshot.Mac = ByteString.CopyFrom(Keys.SnapshotMac(state.Hash, state.Version, name));
        var key = new byte[MediaKeys.MediaKeyBytes];
        (blob, _) = HostileHost.Seal(snapshot.ToByteArray(), key, MediaKind.AppState);
        var reference = new ExternalBlobReference { DirectPath = "/v/snapshot", MediaKey = ByteString.CopyFrom(key) };
        return Node.Of("collection", [("name", name)], Node.OfBytes("snapshot", reference.ToByteArray()));
    }

    private static void Give(StoreBatch batch) => Keyring.Put(
        new() { KeyId = new() { KeyId = ByteString.CopyFrom(Keys.Id) }, KeyData = new() { KeyData = ByteString.CopyFrom(new byte[32]), Timestamp = 1 } }, batch);

    /// <summary>The records sealed into patches with right MACs: all in one, or each in its own.</summary>
    private static Node Collection(SyncdSnapshotRecovery copy, bool isSplit)
    {
        var name = copy.HasCollectionName ? copy.CollectionName : SyncCollections.Regular;
        var records = copy.MutationRecords.Select(r => (Sealed: r, Data: r.Value ?? new())).ToList();
        var (state, patches) = (CollectionState.Empty, new List<Node>());
        foreach (var part in isSplit ? records.Take(5).Select(r => new[] { r }) : [[.. records]])
        {
            // A record without its MAC stands for one that is removed.
            var mutations = part.Select(r => SyncRecord.Seal(Keys, r.Sealed.Mac.Length > 0, r.Data.Index.ToByteArray(), r.Data.Value ?? new(), r.Data.Version)).ToList();
            var (patch, next) = state.Patch(mutations, Keys, name, _ => null);
            patch.Version = new() { Version = next.Version };
            state = next;
            patches.Add(Node.OfBytes("patch", patch.ToByteArray()));
        }

        return Node.Of("collection", [("name", name)], Node.Of("patches", [.. patches]));
    }

    private static IEnumerable<SyncdSnapshotRecovery> Samples()
    {
        yield return Of(SyncCollections.RegularLow,
            Record(SyncActions.Pin.Index("200000000000002@lid"), new() { PinAction = new() { Pinned = true } }), Record(SyncActions.Archive.Index("1@s.whatsapp.net"), new() { ArchiveChatAction = new() { Archived = true } }),
            Record(SyncActions.MarkChatAsRead.Index("1@g.us"), new() { MarkChatAsReadAction = new() { Read = true } }));
        yield return Of(SyncCollections.RegularHigh,
            Record(SyncActions.Mute.Index("1@g.us"), new() { MuteAction = new() { Muted = true, MuteEndTimestamp = 1_900_000_000_000 } }), Record(SyncActions.Star.Index("1@lid", "3EB0", "1", "0"), new() { StarAction = new() { Starred = true } }),
            Record(SyncActions.NctSalt.Index(), new() { NctSaltSyncAction = new() { Salt = ByteString.CopyFrom(1, 2) } }), Record(SyncActions.DeleteMessageForMe.Index("1@lid", "3EB0", "0", "0"), new() { DeleteMessageForMeAction = new() }));
        yield return Of(SyncCollections.CriticalUnblockLow,
            Record(SyncActions.Contact.Index("5511999999999@s.whatsapp.net"), new() { ContactAction = new() { FullName = "Zoë", FirstName = "Z", LidJid = "200000000000002@lid", Username = "zoe" } }),
            Record(SyncActions.LidContact.Index("200000000000002@lid"), new() { LidContactAction = new() { FullName = "Zoë" } }));
        yield return Of(SyncCollections.Regular,
            Record(SyncActions.LabelEdit.Index("1"), new() { LabelEditAction = new() { Name = "new", Color = 3 } }), Record(SyncActions.LabelJid.Index("1", "1@lid"), new() { LabelAssociationAction = new() { Labeled = true } }),
            Record(SyncActions.LabelMessage.Index("1", "1@lid", "3EB0", "0", "0"), new() { LabelAssociationAction = new() { Labeled = true } }), Record(SyncActions.PnForLidChat.Index("3@lid"), new() { PnForLidChatAction = new() { PnJid = "3@s.whatsapp.net" } }));
        yield return Of(SyncCollections.CriticalBlock, Record(SyncActions.PushName.Index(), new() { PushNameSetting = new() { Name = "Ana B" } }));
    }

    private static SyncdSnapshotRecovery Of(string name, params SyncdPlainTextRecord[] records)
    {
        var copy = new SyncdSnapshotRecovery { CollectionName = name, Version = new() { Version = 9 }, CollectionLthash = ByteString.CopyFrom(CollectionState.Empty.Hash.Bytes) };
        copy.MutationRecords.AddRange(records);
        return copy;
    }

    private static SyncdPlainTextRecord Record(byte[] index, SyncActionValue value) => new()
    {
        Value = new() { Index = ByteString.CopyFrom(index), Value = value, Version = 1 },
        KeyId = ByteString.CopyFrom(Keys.Id),
        Mac = ByteString.CopyFrom(new byte[AppStateKeys.MacBytes]),
    };

    /// <summary>Indices of any parts and of broken text; now and then very many records.</summary>
    private static byte[] Special(Random random)
    {
        var value = new SyncActionValue { Timestamp = random.NextInt64(long.MinValue, long.MaxValue), MuteAction = new() { Muted = true, MuteEndTimestamp = random.NextInt64(long.MinValue, long.MaxValue) } };
        if (random.Next(100) == 0) return Of(SyncCollections.RegularLow, [.. Enumerable.Range(0, random.Next(300)).Select(i => Record(SyncActions.Pin.Index($"{i % 200}@lid"), value))]).ToByteArray();
        var kind = SyncActions.All[random.Next(SyncActions.All.Count)];
        string[] parts = ["", "1@lid", "@", "1@s.whatsapp.net", "3EB0", "0", "1", "\u0301", "200000000000002@lid:5", new string('x', random.Next(300))];
        var index = random.Next(6) == 0 ? "[\"mute\",\"\\ud800\"]"u8.ToArray() : SyncIndex.Encode([kind.Name, .. Enumerable.Range(0, random.Next(7)).Select(_ => parts[random.Next(parts.Length)])]);
        return Of(kind.Collection, Record(index, value)).ToByteArray();
    }
}
