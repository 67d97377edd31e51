using System.Security.Cryptography;
using Footbridge.Protocol;
using Footbridge.Protocol.AppState;
using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.UnitTests.Protocol.AppState;

public sealed class CollectionStateTests
{
    private const string Name = SyncCollections.RegularLow;
    private readonly AppStateKeys _keys = new([0, 0, 0, 0, 0, 1], RandomNumberGenerator.GetBytes(32));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void After_any_sets_and_removes_the_hash_is_that_of_what_is_left(int seed)
    {
        var random = new Random(seed);
        var state = CollectionState.Empty;
        var stored = new Dictionary<string, byte[]>();
        for (var patch = 0; patch < 40; patch++)
        {
            var records = Enumerable.Range(0, random.Next(1, 12)).Select(_ => Record(random.Next(4) != 0, $"{random.Next(15)}@s.whatsapp.net")).ToList();
            state = state.After(state.Version + 1, records, mac => stored.GetValueOrDefault(Convert.ToHexString(mac)));
            foreach (var record in records)
            {
                if (record.IsSet) stored[Convert.ToHexString(record.IndexMac)] = record.ValueMac;
                else stored.Remove(Convert.ToHexString(record.IndexMac));
            }
        }

        var again = new LtHash();
        foreach (var mac in stored.Values.OrderBy(_ => random.Next())) again.Add(mac);
        Assert.Equal(again.Bytes, state.Hash.Bytes);
        Assert.Equal(40UL, state.Version);
    }

    [Fact]
    public void A_patch_opens_and_verifies_for_whoever_has_the_key()
    {
        var (patch, next) = MakePatch();
        var records = patch.Mutations.Select(m => SyncRecord.Open(m, _ => _keys)).ToList();
        var state = CollectionState.Empty.After(1, records, _ => null);
        state.Verify(patch, records, _keys, Name);
        Assert.Equal(next.Hash.Bytes, state.Hash.Bytes);
        Assert.Equal(["pin_v1", "1@s.whatsapp.net"], SyncIndex.TryParse(records[0].Data.Index.Span));
        Assert.True(records[0].Data.Value.PinAction.Pinned);
    }

    [Fact]
    public void Every_flipped_bit_of_a_record_is_noticed()
    {
        var mutation = MakePatch().Patch.Mutations[0];
        foreach (var (get, set) in new (Func<SyncdRecord, ByteString>, Action<SyncdRecord, ByteString>)[]
        {
            (r => r.Value.Blob, (r, b) => r.Value.Blob = b), (r => r.Index.Blob, (r, b) => r.Index.Blob = b),
        })
        {
            for (var i = 0; i < get(mutation.Record).Length; i++)
            {
                var broken = mutation.Clone();
                var bytes = get(broken.Record).ToByteArray();
                bytes[i] ^= 1;
                set(broken.Record, ByteString.CopyFrom(bytes));
                Assert.Throws<AppStateMismatchException>(() => SyncRecord.Open(broken, _ => _keys));
            }
        }
    }

    [Fact]
    public void A_set_that_is_passed_off_as_a_remove_is_noticed()
    {
        var mutation = MakePatch().Patch.Mutations[0];
        mutation.Operation = SyncdMutation.Types.SyncdOperation.Remove;
        Assert.Throws<AppStateMismatchException>(() => SyncRecord.Open(mutation, _ => _keys));
    }

    [Fact]
    public void A_patch_of_another_version_collection_order_or_past_is_noticed()
    {
        var (patch, _) = MakePatch();
        var records = patch.Mutations.Select(m => SyncRecord.Open(m, _ => _keys)).ToList();
        Assert.Throws<AppStateMismatchException>(() => CollectionState.Empty.After(2, records, _ => null).Verify(patch, records, _keys, Name));
        Assert.Throws<AppStateMismatchException>(() => CollectionState.Empty.After(1, records, _ => null).Verify(patch, records, _keys, SyncCollections.Regular));
        Assert.Throws<AppStateMismatchException>(() => CollectionState.Empty.After(1, records, _ => new byte[32]).Verify(patch, records, _keys, Name));
        records.Reverse();
        Assert.Throws<AppStateMismatchException>(() => CollectionState.Empty.After(1, records, _ => null).Verify(patch, records, _keys, Name));
    }

    [Fact]
    public void A_record_of_an_unknown_key_names_it()
    {
        var mutation = MakePatch().Patch.Mutations[0];
        Assert.Equal(_keys.Id.ToArray(), Assert.Throws<MissingAppStateKeyException>(() => SyncRecord.Open(mutation, _ => null)).KeyId);
    }

    [Fact]
    public void Removing_what_was_never_set_changes_nothing()
    {
        var state = CollectionState.Empty.After(1, [Record(isSet: false, "1@s.whatsapp.net")], _ => null);
        Assert.Equal(new LtHash().Bytes, state.Hash.Bytes);
    }

    [Theory]
    [InlineData("""["a","b"]""", "a|b")]
    [InlineData("""["a\u00e9"]""", "aé")]
    [InlineData("""["a",1]""", null)]
    [InlineData("""{"a":1}""", null)]
    [InlineData("""["a"]x""", null)]
    [InlineData("[]", null)]
    [InlineData("[\"a", null)]
    [InlineData("", null)]
    public void An_index_of_a_shape_nobody_knows_is_not_understood_and_breaks_nothing(string json, string? parts) =>
        Assert.Equal(parts, SyncIndex.TryParse(System.Text.Encoding.UTF8.GetBytes(json)) is { } parsed ? string.Join('|', parsed) : null);

    [Fact]
    public void Keys_of_impossible_sizes_are_refused()
    {
        Assert.Throws<ProtocolException>(() => new AppStateKeys([], new byte[32]));
        Assert.Throws<ProtocolException>(() => new AppStateKeys([1], new byte[31]));
        Assert.Throws<ProtocolException>(() => new LtHash(new byte[127]));
    }

    private (SyncdPatch Patch, CollectionState Next) MakePatch() =>
        CollectionState.Empty.Patch([Pin(true, "1@s.whatsapp.net"), Pin(true, "2@s.whatsapp.net")], _keys, Name, _ => null);

    private SyncRecord Record(bool isSet, string chat) => Pin(isSet, chat).Record;

    private (SyncdMutation Sealed, SyncRecord Record) Pin(bool isSet, string chat) =>
        SyncRecord.Seal(_keys, isSet, SyncActions.Pin.Index(chat), new() { PinAction = new() { Pinned = true } }, SyncActions.Pin.Version);
}
