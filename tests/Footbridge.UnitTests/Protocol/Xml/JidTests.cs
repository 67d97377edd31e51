using Footbridge.Protocol.Xml;

namespace Footbridge.UnitTests.Protocol.Xml;

public sealed class JidTests
{
    [Theory]
    [InlineData("5511999999999@s.whatsapp.net", "5511999999999", "s.whatsapp.net", 0, 0)]
    [InlineData("5511999999999:7@s.whatsapp.net", "5511999999999", "s.whatsapp.net", 7, 0)]
    [InlineData("5511999999999.1:7@s.whatsapp.net", "5511999999999", "s.whatsapp.net", 7, 1)]
    [InlineData("123456789012345:99@hosted.lid", "123456789012345", "hosted.lid", 99, 0)]
    [InlineData("1-2.x@interop", "1-2.x", "interop", 0, 0)]
    [InlineData("status@broadcast", "status", "broadcast", 0, 0)]
    [InlineData("s.whatsapp.net", "", "s.whatsapp.net", 0, 0)]
    public void A_jids_text_reads_as_its_parts_and_its_parts_write_as_its_text(string text, string user, string server, ushort device, byte agent)
    {
        var jid = new Jid(user, server, device, agent);
        Assert.Equal(jid, Jid.Parse(text));
        Assert.Equal(text, jid.ToString());
    }

    [Fact]
    public void Other_clients_take_jids_apart_and_put_them_together_alike()
    {
        foreach (var vector in Vectors.Load("interop-vectors.json").GetProperty("jids").EnumerateArray())
        {
            var jid = Jid.Parse(vector.GetProperty("text").GetString()!);
            Assert.Equal(vector.GetProperty("user").GetString(), jid.User);
            Assert.Equal(vector.GetProperty("server").GetString(), jid.Server);
            Assert.Equal(vector.GetProperty("device").GetInt32(), jid.Device);
            Assert.Equal(vector.GetProperty("encoded").GetString(), jid.ToString());
        }
    }

    [Fact]
    public void The_service_may_be_written_with_an_at_sign_before_it() => Assert.Equal(Jid.Service, Jid.Parse("@s.whatsapp.net"));

    [Theory]
    [InlineData("")]
    [InlineData("lid")]
    [InlineData("@lid")]
    [InlineData("a@b@lid")]
    [InlineData("a b@lid")]
    [InlineData("1:65536@lid")]
    [InlineData("1:@lid")]
    [InlineData("1.256@lid")]
    [InlineData("1@s_whatsapp")]
    [InlineData(":5@s.whatsapp.net")]
    [InlineData(".5@s.whatsapp.net")]
    public void A_text_that_is_no_jid_is_refused(string text) => Assert.False(Jid.TryParse(text, out _));

    [Fact]
    public void A_text_of_more_than_320_characters_is_refused()
    {
        Assert.True(Jid.TryParse(new string('1', Jid.MaxLength - 4) + "@lid", out _));
        Assert.False(Jid.TryParse(new string('1', Jid.MaxLength - 3) + "@lid", out _));
    }

    [Theory]
    [InlineData("5511@c.us", "5511:4@s.whatsapp.net", true)]
    [InlineData("5511@hosted", "5511@s.whatsapp.net", true)]
    [InlineData("7:99@hosted.lid", "7@lid", true)]
    [InlineData("7@lid", "7@s.whatsapp.net", false)]
    public void A_person_is_the_same_on_the_twin_servers_and_not_by_number_alone(string one, string other, bool same) =>
        Assert.Equal(same, Jid.Parse(one).IsSameUser(Jid.Parse(other)));
}
