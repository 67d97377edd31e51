using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot;
using Microsoft.Extensions.Time.Testing;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot;

public sealed class ChatwootLimiterTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ChatwootLimiter _limiter;

    public ChatwootLimiterTests() => _limiter = new(_time);

    // A turn that cannot be cancelled is complete in the moment it is given.
    private static CancellationToken Ct => CancellationToken.None;

    [Fact]
    public void Until_a_429_nothing_is_held_back()
    {
        for (var i = 0; i < 100_000; i++) Assert.True(_limiter.EnterAsync(JobClass.Live, Ct).IsCompletedSuccessfully);
        Assert.Null(_limiter.Rate);
    }

    [Fact]
    public void A_429_holds_every_caller_for_as_long_as_it_says()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), _limiter.Refused(TimeSpan.FromSeconds(7)));
        var refused = Assert.Throws<ChatwootAwayException>(() => { _ = _limiter.EnterAsync(JobClass.Live, Ct); });
        Assert.Equal(TimeSpan.FromSeconds(7), refused.RetryAfter);
        _time.Advance(TimeSpan.FromSeconds(6));
        // The rest is short enough to be waited for in place.
        var waiting = _limiter.EnterAsync(JobClass.Live, Ct);
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.True(waiting.IsCompletedSuccessfully);
    }

    [Fact]
    public void Without_a_time_the_pause_doubles_until_something_succeeds()
    {
        var pauses = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            pauses.Add(_limiter.Refused(null).TotalSeconds);
            _time.Advance(TimeSpan.FromSeconds(pauses[^1]));
        }

        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30], pauses);
        _limiter.Succeeded();
        Assert.Equal(TimeSpan.FromMilliseconds(500), _limiter.Refused(null));
    }

    [Fact]
    public void Answers_to_requests_that_were_on_their_way_are_one_refusal()
    {
        Use(3000);
        for (var i = 0; i < 50; i++) _limiter.Refused(TimeSpan.FromSeconds(10));
        Assert.Equal(35, _limiter.Rate!.Value, 3); // 3,000 in the last minute are 50 a second; 0.7 of that
    }

    [Fact]
    public void The_rate_falls_by_a_factor_rises_by_steps_and_the_limit_is_forgotten_after_ten_quiet_minutes()
    {
        Use(3000);
        _limiter.Refused(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(30));
        Use(1);
        Assert.Equal(45, _limiter.Rate!.Value, 1); // 20 s after the pause
        _limiter.Refused(null);
        Assert.Equal(31.5, _limiter.Rate!.Value, 1);
        _time.Advance(TimeSpan.FromMinutes(11));
        Use(1);
        Assert.Null(_limiter.Rate);
    }

    [Fact]
    public void Live_callers_go_first_and_bulk_gets_at_most_its_part()
    {
        Use(3000);
        _limiter.Refused(TimeSpan.FromSeconds(1));
        var bulk = Enumerable.Range(0, 300).Select(_ => _limiter.EnterAsync(JobClass.Bulk, Ct)).ToList();
        var live = Enumerable.Range(0, 20).Select(_ => _limiter.EnterAsync(JobClass.Live, Ct)).ToList();
        _time.Advance(TimeSpan.FromSeconds(1));
        while (live.Exists(turn => !turn.IsCompleted))
        {
            Assert.DoesNotContain(bulk, turn => turn.IsCompleted);
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }

        // A second for what it has saved up meanwhile.
        for (var i = 0; i < 20; i++) _time.Advance(TimeSpan.FromMilliseconds(50));
        var before = bulk.Count(turn => turn.IsCompleted);
        for (var i = 0; i < 20; i++) _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.InRange(bulk.Count(turn => turn.IsCompleted) - before, 24, 33); // of up to 45 a second
    }

    [Fact]
    public void A_full_conversation_rests_and_is_then_written_to_at_intervals_and_others_are_not_held()
    {
        var spacing = _limiter.Conversations;
        Assert.Equal(TimeSpan.Zero, spacing.Take(1, 7));
        Assert.Equal(TimeSpan.FromSeconds(10), spacing.Full(1, 7));
        Assert.Equal(TimeSpan.FromSeconds(10), spacing.Take(1, 7));
        Assert.Equal(TimeSpan.Zero, spacing.Take(1, 8));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.Zero, spacing.Take(1, 7));
        Assert.Equal(TimeSpan.FromMilliseconds(330), spacing.Take(1, 7));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (spacing.Take(1, 7), spacing.Take(1, 7)));
    }

    private void Use(int requests)
    {
        for (var i = 0; i < requests; i++) _ = _limiter.EnterAsync(JobClass.Live, Ct);
    }
}
