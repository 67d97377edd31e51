using System.IO.Compression;
using Footbridge.Engine.Contacts;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.UnitTests.Engine.Contacts;

public sealed class LidMigrationTests
{
    private static readonly byte[] List = new LIDMigrationMappingSyncPayload { PnToLidMappings = { new LIDMigrationMapping { Pn = 5511900000001, AssignedLid = 777 } } }.ToByteArray();

    [Theory]
    [InlineData("plain")]
    [InlineData("zlib")]
    [InlineData("gzip")]
    public void A_list_of_pairs_is_read_in_each_form(string form) => Assert.Equal(777u, Assert.Single(LidMigration.Read(Compress(List, form)).PnToLidMappings).AssignedLid);

    [Theory]
    [InlineData("plain")]
    [InlineData("zlib")]
    [InlineData("gzip")]
    public void A_list_that_is_cut_short_or_of_other_bytes_is_a_protocol_exception_or_a_list(string form)
    {
        var whole = Compress(List, form);
        for (var length = 0; length < whole.Length; length++) ReadsOrRefuses(whole[..length]);
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var bytes = whole.ToArray();
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            ReadsOrRefuses(bytes);
        }
    }

    [Theory]
    [InlineData("zlib")]
    [InlineData("gzip")]
    public void A_list_that_inflates_beyond_all_measure_is_refused(string form)
    {
        var bomb = Compress(new byte[9 * 1024 * 1024], form);
        Assert.InRange(bomb.Length, 1, 100_000);
        Assert.Throws<ProtocolException>(() => LidMigration.Read(bomb));
    }

    private static void ReadsOrRefuses(byte[] payload)
    {
        try
        {
            Assert.NotNull(LidMigration.Read(payload));
        }
        catch (ProtocolException)
        {
            // Refused: the other thing it may do.
        }
    }

    private static byte[] Compress(byte[] bytes, string form)
    {
        if (form == "plain") return bytes;
        using var compressed = new MemoryStream();
        using (Stream stream = form == "zlib" ? new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true) : new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)) stream.Write(bytes);
        return compressed.ToArray();
    }
}
