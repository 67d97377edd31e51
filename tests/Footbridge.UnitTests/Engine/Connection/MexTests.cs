using System.Text;
using Footbridge.Engine.Connection;
using Footbridge.Protocol;

namespace Footbridge.UnitTests.Engine.Connection;

public sealed class MexTests
{
    [Theory]
    [InlineData("""{"data":{"a":1,"a":2}}""")]
    [InlineData("""{"data":[{"b":{"a":1,"a":2}}]}""")]
    [InlineData("""{"data":{"name":"\ud800"}}""")]
    [InlineData("""{"data":{"\ud800":1}}""")]
    [InlineData("""[{"data":1}]""")]
    [InlineData("""{"data":""")]
    public void An_answer_that_cannot_be_read_as_a_whole_is_refused_at_once(string answer) => Assert.Throws<ProtocolException>(() => Mex.Parse(Encoding.UTF8.GetBytes(answer)));

    [Fact]
    public void An_answer_in_no_UTF8_is_refused_wherever_it_is_broken() => Assert.Throws<ProtocolException>(() => Mex.Parse([.. "{\"data\":{\"a"u8, 0xEB, .. "\":{}}}"u8]));

    [Fact]
    public void An_answer_is_read() => Assert.Equal("✓\ud83d\ude00", Mex.Parse("""{"data":{"name":"✓\ud83d\ude00"}}"""u8.ToArray())["data"]!["name"]!.GetValue<string>());
}
