using System.Globalization;
using System.Text.RegularExpressions;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Server.Api;
using Footbridge.UnitTests.House;

namespace Footbridge.UnitTests.Server.Api;

/// <summary>WhatsApp's codes in HTTP, held to docs/protocol/errors.md.</summary>
public sealed partial class WhatsAppRefusalsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    public static TheoryData<int, int, string> Documented
    {
        get
        {
            var rows = new TheoryData<int, int, string>();
            var page = File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "docs", "protocol", "errors.md"));
            foreach (Match row in Row().Matches(page)) rows.Add(Number(row, 1), Number(row, 2), row.Groups[3].Value.Trim());
            return rows;
        }
    }

    [Fact]
    public void The_page_names_every_code() => Assert.Equal(18, Documented.Count);

    [Theory]
    [MemberData(nameof(Documented))]
    public void A_refusal_has_the_status_of_the_page_and_says_why(int code, int status, string wait)
    {
        var (answered, body) = ApiErrors.Describe(new QueryFailedException(code, "some-text"));
        Assert.Equal((status, status), (answered, body!["statusCode"]!.GetValue<int>()));
        Assert.StartsWith($"WhatsApp answered {code} some-text: ", body["message"]!.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(body["error"]!.ToString());
        Assert.Equal(status, ApiErrors.Describe(new SendFailedException("refused", code)).Status);
        var seconds = WhatsAppRefusals.WaitAfter(new QueryFailedException(code, "x"), Now)?.TotalSeconds.ToString(CultureInfo.InvariantCulture) ?? "";
        Assert.Equal(code is 463 or 475 ? "" : wait, seconds);
    }

    [Theory]
    [InlineData(479)]
    [InlineData(999)]
    [InlineData(null)]
    public void What_is_not_on_the_page_is_422(int? code)
    {
        Assert.Equal(422, ApiErrors.Describe(new SendFailedException("nobody to go to", code)).Status);
        Assert.Equal((422, "Unprocessable Entity"), ApiErrors.Describe(new QueryFailedException(code ?? 0, "x")) is var (status, body) ? (status, body!["error"]!.ToString()) : default);
    }

    [Fact]
    public void A_refusal_with_an_end_says_how_long_it_lasts_and_one_that_is_over_says_so()
    {
        Assert.Equal(TimeSpan.FromHours(2), WhatsAppRefusals.WaitAfter(new SendFailedException("x", 463, Refusal.ReachOutTimelock, Now.AddHours(2)), Now));
        Assert.Equal(TimeSpan.Zero, WhatsAppRefusals.WaitAfter(new SendFailedException("x", 475, Refusal.NewChatLimit, Now.AddHours(-2)), Now));
        Assert.Null(WhatsAppRefusals.WaitAfter(new SendFailedException("x", 463, Refusal.ReachOutTimelock, null), Now));
    }

    [Fact]
    public void No_answer_in_time_is_504() => Assert.Equal(504, ApiErrors.Describe(new TimeoutException("WhatsApp did not answer")).Status);

    private static int Number(Match row, int group) => int.Parse(row.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| (\d{3}) \| [^|]+ \| (\d{3}) \|([^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
