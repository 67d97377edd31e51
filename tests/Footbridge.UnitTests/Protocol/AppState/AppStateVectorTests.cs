using System.Text;
using Footbridge.Protocol.AppState;

namespace Footbridge.UnitTests.Protocol.AppState;

/// <summary>Keys, MACs and hashes as two other implementations made them.</summary>
public sealed class AppStateVectorTests
{
    private static byte[] Filled(byte value) => [.. Enumerable.Repeat(value, 32)];

    [Fact]
    public void Keys_and_macs_are_those_of_other_clients()
    {
        var vectors = Vectors.WhatsApp("appState");
        var valueMac = vectors.GetProperty("valueMac");
        var keys = new AppStateKeys(valueMac.Hex("keyId"), vectors.Hex("keyData"));
        Assert.Equal(vectors.Hex("expanded"), keys.Expanded);
        Assert.Equal(valueMac.Hex("mac"), keys.ValueMac(isSet: true, valueMac.Hex("data")));
        var indexMac = vectors.GetProperty("indexMac");
        Assert.Equal(indexMac.Hex("mac"), keys.IndexMac(Encoding.UTF8.GetBytes(indexMac.GetProperty("index").GetString()!)));
        var snapshot = vectors.GetProperty("snapshotMac");
        Assert.Equal(
            snapshot.Hex("mac"),
            keys.SnapshotMac(new(snapshot.Hex("lthash")), snapshot.GetProperty("version").GetUInt64(), snapshot.GetProperty("name").GetString()!));
    }

    [Fact]
    public void An_index_is_written_as_other_clients_write_it() =>
        Assert.Equal(
            Vectors.WhatsApp("appState").GetProperty("indexMac").GetProperty("index").GetString(),
            Encoding.UTF8.GetString(SyncActions.Pin.Index("1@s.whatsapp.net")));

    [Fact]
    public void Hashes_add_and_subtract_as_in_other_clients()
    {
        var vectors = Vectors.WhatsApp("ltHash");
        var hash = new LtHash();
        hash.Add(Filled(1));
        hash.Add(Filled(2));
        Assert.Equal(vectors.Hex("add01and02"), hash.Bytes);
        hash.Subtract(Filled(1));
        hash.Add(Filled(3));
        Assert.Equal(vectors.Hex("thenSub01Add03"), hash.Bytes);
    }
}
