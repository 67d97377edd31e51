using Footbridge.Jobs;

namespace Footbridge.UnitTests.Jobs;

public sealed class JobPolicyTests
{
    [Fact]
    public void A_policy_comes_back_from_its_text_with_its_times_rounded_up()
    {
        var policy = new JobPolicy(7, TimeSpan.FromMilliseconds(1500.2)) { MaxDelay = TimeSpan.FromHours(2), RetryAfterLimit = TimeSpan.MaxValue };
        Assert.Equal("7 1501 7200000 315360000000", policy.ToText());
        Assert.Equal(
            new JobPolicy(7, TimeSpan.FromMilliseconds(1501)) { MaxDelay = TimeSpan.FromHours(2), RetryAfterLimit = TimeSpan.FromDays(3650) }, JobPolicy.FromText(policy.ToText()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 2 3")]
    [InlineData("1 2 3 x")]
    public void A_text_that_is_no_policy_is_refused(string text) => Assert.Throws<FormatException>(() => JobPolicy.FromText(text));
}
