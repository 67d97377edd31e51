using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Time.Testing;

namespace Footbridge.UnitTests.Engine.Connection;

public sealed class WaitersTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private readonly FakeTimeProvider _time = new();
    private readonly Waiters _waiters;

    public WaitersTests() => _waiters = new(_time);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_limit_runs_only_from_when_the_question_has_left()
    {
        var left = new TaskCompletionSource();
        var answer = _waiters.WaitAsync("1", left.Task, Limit, Ct);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(answer.IsCompleted);
        left.SetResult();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(answer.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<TimeoutException>(() => answer.WaitAsync(Ct));
    }

    [Fact]
    public async Task An_answer_may_come_before_it_is_known_that_the_question_has_left()
    {
        var answer = _waiters.WaitAsync("1", new TaskCompletionSource().Task, Limit, Ct);
        Assert.True(_waiters.TryComplete("1", Node.Of("ack")));
        Assert.Equal("ack", (await answer.WaitAsync(Ct)).Tag);
    }

    [Fact]
    public async Task What_never_left_is_not_missed_later()
    {
        var left = new TaskCompletionSource();
        var answer = _waiters.WaitAsync("1", left.Task, Limit, Ct);
        left.SetCanceled(Ct);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.WaitAsync(Ct));
        Assert.False(_waiters.TryComplete("1", Node.Of("ack")));
    }

    [Fact]
    public async Task A_lost_connection_ends_all_waits()
    {
        var answers = new[] { _waiters.WaitAsync("1", new TaskCompletionSource().Task, Limit, Ct), _waiters.WaitAsync("2", Limit, Ct) };
        _waiters.FailAll("gone");
        foreach (var answer in answers) await Assert.ThrowsAsync<NotOnlineException>(() => answer.WaitAsync(Ct));
    }
}
