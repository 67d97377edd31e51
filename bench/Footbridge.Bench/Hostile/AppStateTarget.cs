using Footbridge.Protocol;
using Footbridge.Protocol.AppState;
using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.Bench.Hostile;

/// <summary>Patches of the app state: of a server without the key, and of an own device with it.</summary>
internal static class AppStateTarget
{
    private static readonly AppStateKeys Keys = new([0, 0, 0, 0, 0, 1], new byte[32]);

    public static HostileTarget Create(int seed) => new("app state patch", new(seed, [Patch(Pin())], Forge), Open);

    private static object Open(byte[] input)
    {
        var patch = Protobuf.Parse(SyncdPatch.Parser, input);
        var records = patch.Mutations.Select(m => SyncRecord.Open(m, id => id.Span.SequenceEqual(Keys.Id) ? Keys : null)).ToList();
        CollectionState.Empty.After(1, records, _ => null).Verify(patch, records, Keys, SyncCollections.RegularLow);
        return records.Select(r => SyncIndex.TryParse(r.Data.Index.Span)).ToList();
    }

    /// <summary>Rightly sealed, with an index and a value that no honest device would write.</summary>
    private static byte[] Forge(Random random)
    {
        var index = new byte[random.Next(60)];
        random.NextBytes(index);
        if (random.Next(2) == 0) index = SyncIndex.Encode([.. Enumerable.Range(0, random.Next(30)).Select(i => new string((char)random.Next(1, 0xD800), i))]);
        var value = Pin();
        if (random.Next(2) == 0) value.MuteAction = new() { MuteEndTimestamp = random.NextInt64(long.MinValue, long.MaxValue) };
        return Patch(value, index, random.Next(2) == 0);
    }

    private static SyncActionValue Pin() => new() { PinAction = new() { Pinned = true }, Timestamp = 1 };

    private static byte[] Patch(SyncActionValue value, byte[]? index = null, bool isSet = true) => CollectionState.Empty.Patch(
        [SyncRecord.Seal(Keys, isSet, index ?? SyncActions.Pin.Index("1@s.whatsapp.net"), value, 5)], Keys, SyncCollections.RegularLow, _ => null).Patch.ToByteArray();
}
