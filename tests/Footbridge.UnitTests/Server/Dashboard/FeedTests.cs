using System.Threading.Channels;
using Footbridge.Server.Dashboard.Frame;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Footbridge.UnitTests.Server.Dashboard;

public sealed class FeedTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Channel<string> _shown = Channel.CreateUnbounded<string>();
    private int _reads;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_who_look_at_the_same_cost_one_reading_a_second()
    {
        await using var feed = new Feed(_time, NullLogger<Feed>.Instance);
        using var one = Watch(feed, "one");
        using var two = Watch(feed, "two");
        for (var second = 1; second <= 3; second++)
        {
            _time.Advance(Feed.Interval);
            Assert.Equal([$"one {second}", $"two {second}"], new[] { await _shown.Reader.ReadAsync(Ct), await _shown.Reader.ReadAsync(Ct) }.Order());
        }

        Assert.Equal(3, _reads);
    }

    [Fact]
    public async Task Nothing_is_read_when_nobody_looks_and_reading_begins_again_with_the_next_who_does()
    {
        await using var feed = new Feed(_time, NullLogger<Feed>.Instance);
        var gone = Watch(feed, "gone");
        _time.Advance(Feed.Interval);
        await _shown.Reader.ReadAsync(Ct);
        gone.Dispose();
        _time.Advance(Feed.Interval * 10);
        Assert.Equal(1, _reads);
        using var back = Watch(feed, "back");
        _time.Advance(Feed.Interval);
        Assert.Equal("back 2", await _shown.Reader.ReadAsync(Ct));
    }

    [Fact]
    public async Task A_reading_that_fails_is_told_and_the_next_one_is_tried()
    {
        await using var feed = new Feed(_time, NullLogger<Feed>.Instance);
        using var watch = feed.Watch<string>(
            "key", Feed.Interval, _ => ++_reads == 1 ? throw new IOException("the store is away") : Task.FromResult("back"), (value, problem) => _shown.Writer.WriteAsync(value ?? problem!).AsTask());
        _time.Advance(Feed.Interval);
        Assert.Equal("the store is away", await _shown.Reader.ReadAsync(Ct));
        _time.Advance(Feed.Interval);
        Assert.Equal("back", await _shown.Reader.ReadAsync(Ct));
    }

    [Fact]
    public async Task A_page_that_breaks_off_takes_no_other_with_it()
    {
        await using var feed = new Feed(_time, NullLogger<Feed>.Instance);
        using var broken = feed.Watch("key", Feed.Interval, _ => Task.FromResult("value"), (_, _) => throw new ObjectDisposedException("the circuit"));
        using var whole = feed.Watch("key", Feed.Interval, _ => Task.FromResult("value"), (value, _) => _shown.Writer.WriteAsync(value!).AsTask());
        for (var second = 0; second < 2; second++)
        {
            _time.Advance(Feed.Interval);
            Assert.Equal("value", await _shown.Reader.ReadAsync(Ct));
        }
    }

    private IDisposable Watch(Feed feed, string name) =>
        feed.Watch("key", Feed.Interval, _ => Task.FromResult($"{Interlocked.Increment(ref _reads)}"), (value, _) => _shown.Writer.WriteAsync($"{name} {value}").AsTask());
}
