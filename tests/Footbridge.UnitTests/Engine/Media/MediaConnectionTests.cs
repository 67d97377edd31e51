using Footbridge.Engine.Media;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.UnitTests.Engine.Media;

public sealed class MediaConnectionTests
{
    [Fact]
    public void Hosts_keep_the_servers_order_and_fallbacks_come_last()
    {
        var connection = MediaConnection.Parse(Answer("600",
            Host("mmg-fallback.whatsapp.net", "fallback"),
            Host("media-gru1-1.cdn.whatsapp.net", "primary", Node.Of("download")),
            Host("MMG.whatsapp.net:444", null, Node.Of("upload"))));
        Assert.Equal(["media-gru1-1.cdn.whatsapp.net", "mmg.whatsapp.net:444", "mmg-fallback.whatsapp.net"], connection.Hosts.Select(h => h.Authority));
        Assert.Equal([(false, true), (true, false), (true, true)], connection.Hosts.Select(h => (h.TakesUploads, h.GivesDownloads)));
        Assert.Equal(TimeSpan.FromSeconds(600), connection.Lifetime);
        Assert.DoesNotContain("right", connection.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 300)]
    [InlineData("-1", 300)]
    [InlineData("999999999999", 86400)]
    public void A_lifetime_that_makes_no_sense_does_no_harm(string? ttl, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), MediaConnection.Parse(Answer(ttl)).Lifetime);

    [Theory]
    [InlineData("evil.example/path")]
    [InlineData("user@evil.example")]
    [InlineData("evil.example:99999")]
    [InlineData("evil.example?x")]
    [InlineData("")]
    public void A_name_that_is_no_host_is_refused(string name) => Assert.Throws<ProtocolException>(() => MediaConnection.Parse(Answer("300", Host(name, null))));

    [Fact]
    public void An_answer_without_the_right_to_upload_is_refused()
    {
        Assert.Throws<ProtocolException>(() => MediaConnection.Parse(Node.Of("iq", Node.Of("media_conn"))));
        Assert.Throws<ProtocolException>(() => MediaConnection.Parse(Node.Of("iq")));
    }

    private static Node Answer(string? ttl, params Node[] hosts) => Node.Of("iq", Node.Of("media_conn", [("auth", "right"), ("ttl", ttl)], [.. hosts]));

    private static Node Host(string name, string? type, params Node[] children) => Node.Of("host", [("hostname", name), ("type", type)], [.. children]);
}
