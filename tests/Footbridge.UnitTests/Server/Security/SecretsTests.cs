using Footbridge.Server.Security;

namespace Footbridge.UnitTests.Server.Security;

public sealed class SecretsTests
{
    [Fact]
    public void Every_comparison_of_a_secret_takes_constant_time()
    {
        // Time cannot be measured here; what can be held is that no secret is ever compared in another way.
        var security = Path.Combine(House.RepositoryRoot.Find(), "src/Footbridge.Server/Security");
        var gate = File.ReadAllText(Path.Combine(security, "Gate.cs")) + File.ReadAllText(Path.Combine(security, "PageUsers.cs"));
        var secrets = File.ReadAllText(Path.Combine(House.RepositoryRoot.Find(), "src/Footbridge.Server/Security/Secrets.cs"));
        Assert.DoesNotMatch(@"settings\.(ApiKey|DashboardUser|DashboardPassword|ViewerUser|ViewerPassword)\s*==|==\s*settings\.", gate);
        Assert.Equal(4, System.Text.RegularExpressions.Regex.Count(secrets, "CryptographicOperations.FixedTimeEquals"));
        Assert.DoesNotContain("SequenceEqual", secrets, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("same", "same", true)]
    [InlineData("same", "samE", false)]
    [InlineData("same", "same ", false)]
    [InlineData("", "", true)]
    public void Texts_are_compared_by_their_digests(string left, string right, bool expected) => Assert.Equal(expected, Secrets.AreSame(left, right));
}
