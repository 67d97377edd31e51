using Footbridge.Jobs;

namespace Footbridge.UnitTests.Jobs;

public sealed class JobFailureTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly JobPolicy Policy = new(5, TimeSpan.FromSeconds(2)) { MaxDelay = TimeSpan.FromSeconds(9), RetryAfterLimit = TimeSpan.FromHours(1) };

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(4, 9)]
    public void The_wait_doubles_with_each_try_up_to_its_cap(int attempt, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Failure(JobFailureKind.Backoff).NextDelay(Policy, attempt, Start));

    [Fact]
    public void The_last_try_is_final() => Assert.Null(Failure(JobFailureKind.Backoff).NextDelay(Policy, 5, Start));

    [Theory]
    [InlineData(1, 70)]
    [InlineData(4, 0)]
    public void A_failure_that_brings_its_own_wait_waits_so_long(int attempt, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), (Failure(JobFailureKind.Backoff) with { OwnDelay = TimeSpan.FromSeconds(seconds) }).NextDelay(Policy, attempt, Start));

    [Fact]
    public void A_failure_that_brings_its_own_wait_uses_up_a_try_like_any_other() =>
        Assert.Null((Failure(JobFailureKind.Backoff) with { OwnDelay = TimeSpan.FromSeconds(1) }).NextDelay(Policy, 5, Start));

    [Fact]
    public void A_great_many_tries_do_not_overflow_the_wait() =>
        Assert.Equal(TimeSpan.FromSeconds(9), Failure(JobFailureKind.Backoff).NextDelay(Policy with { Attempts = int.MaxValue }, 100_000, Start));

    [Fact]
    public void A_permanent_failure_is_final_at_the_first_try() => Assert.Null(Failure(JobFailureKind.Permanent).NextDelay(Policy, 1, Start));

    [Theory]
    [InlineData(0, 50, 50)]
    [InlineData(50, 50, 10)]
    [InlineData(59, -3, 0)]
    public void A_retry_after_waits_as_told_but_not_past_its_limit(int minutesSinceStart, int minutesAsked, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), RetryAfter(minutesSinceStart, minutesAsked).NextDelay(Policy, 5, Start));

    [Fact]
    public void A_retry_after_at_its_limit_is_final() => Assert.Null(RetryAfter(60, 1).NextDelay(Policy, 1, Start));

    [Fact]
    public void A_limit_without_end_never_is()
    {
        var policy = Policy with { RetryAfterLimit = TimeSpan.MaxValue };
        Assert.Equal(TimeSpan.FromMinutes(1), RetryAfter(100_000, 1).NextDelay(policy, 1, Start));
    }

    private static JobFailure Failure(JobFailureKind kind) => new(kind, "broken", null, Start);

    private static JobFailure RetryAfter(int minutesSinceStart, int minutesAsked) =>
        Failure(JobFailureKind.RetryAfter) with { At = Start.AddMinutes(minutesSinceStart), Delay = TimeSpan.FromMinutes(minutesAsked) };
}
