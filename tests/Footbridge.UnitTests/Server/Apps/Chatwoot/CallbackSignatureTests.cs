using System.Text;
using Footbridge.Server.Apps.Chatwoot;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot;

public sealed class CallbackSignatureTests
{
    // A callback as Chatwoot 4.15 signs it.
    private const string Secret = "8QGJm1bWvT7uZ3nYk5xRcP2d";
    private const string Signature = "sha256=3caa4aae159bc6174832134f10bb15ddc4c06526777ef5e86874d2fff285dce1";
    private const string Signed = """{"id":991,"content":"Hi","event":"message_created"}""";
    private const long At = 1781690400;

    [Theory]
    [InlineData(Signature, "1781690400", Signed, 0, true)]
    [InlineData(Signature, "1781690400", Signed, 299, true)]
    [InlineData(Signature, "1781690400", Signed, 301, false)]
    [InlineData(Signature, "1781690400", Signed, -301, false)]
    [InlineData(Signature, "1781690401", Signed, 0, false)]
    [InlineData(Signature, "1781690400", Signed + " ", 0, false)]
    [InlineData(Signature, "", Signed, 0, false)]
    [InlineData(Signature, "-1", Signed, 0, false)]
    [InlineData(Signature, "999999999999999999", Signed, 0, false)]
    [InlineData("", "1781690400", Signed, 0, false)]
    [InlineData("3caa4aae159bc6174832134f10bb15ddc4c06526777ef5e86874d2fff285dce1", "1781690400", Signed, 0, false)]
    public void A_signature_holds_for_its_body_and_time_only(string signature, string timestamp, string body, int secondsLater, bool holds)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(At + secondsLater);
        Assert.Equal(holds, CallbackSignature.Fault(Secret, signature, timestamp, Encoding.UTF8.GetBytes(body), now) is null);
    }

    [Fact]
    public void Another_secret_is_noticed() =>
        Assert.NotNull(CallbackSignature.Fault("another", Signature, "1781690400", Encoding.UTF8.GetBytes(Signed), DateTimeOffset.FromUnixTimeSeconds(At)));
}
