using Footbridge.Server.Apps.Chatwoot;
using Microsoft.Extensions.Time.Testing;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot;

public sealed class CallbackOrderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);
    private readonly FakeTimeProvider _time = new();
    private readonly CallbackOrder _order;

    public CallbackOrderTests() => _order = new(_time);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_nothing_known_yet_the_first_callback_waits_for_those_before_it()
    {
        var second = EnterAsync(11);
        var first = EnterAsync(10);
        Assert.False(second.IsCompleted);
        _time.Advance(Patience);
        var turn = await first.WaitAsync(Ct);
        Assert.False(second.IsCompleted);
        turn.Dispose();
        (await second.WaitAsync(Ct)).Dispose();
    }

    [Fact]
    public async Task A_callback_waits_for_a_missing_one_and_no_longer_than_that()
    {
        await KnowAsync(10);
        var late = EnterAsync(12);
        Assert.False(late.IsCompleted);
        (await EnterAsync(11).WaitAsync(Ct)).Dispose();
        (await late.WaitAsync(Ct)).Dispose();
    }

    [Fact]
    public async Task A_missing_one_of_the_same_conversation_is_waited_for_across_another_conversations_message()
    {
        await KnowAsync(10);
        var other = EnterAsync(12, conversation: 2);
        var late = EnterAsync(13);
        Assert.False(late.IsCompleted);
        var missing = await EnterAsync(11).WaitAsync(Ct);
        Assert.False(late.IsCompleted);
        missing.Dispose();
        (await late.WaitAsync(Ct)).Dispose();
        (await other.WaitAsync(Ct)).Dispose();
    }

    [Fact]
    public async Task One_that_never_comes_is_waited_for_once_and_for_a_moment()
    {
        await KnowAsync(10);
        var late = EnterAsync(12);
        _time.Advance(Patience);
        (await late.WaitAsync(Ct)).Dispose();
        Assert.True(EnterAsync(13).IsCompleted);
    }

    [Fact]
    public async Task Messages_that_need_no_turn_and_large_gaps_hold_nobody()
    {
        await KnowAsync(10);
        _order.Saw("app", 11, Patience);
        Assert.True(EnterAsync(12).IsCompleted);
        Assert.True(EnterAsync(12 + CallbackOrder.MaxGap + 1, conversation: 2).IsCompleted);
        Assert.True(EnterAsync(5, app: "off", patience: TimeSpan.Zero).IsCompleted);
        Assert.True(EnterAsync(7, conversation: 2, app: "off", patience: TimeSpan.Zero).IsCompleted);
    }

    [Fact]
    public async Task A_caller_that_goes_away_lets_the_others_pass()
    {
        await KnowAsync(10);
        using var gone = new CancellationTokenSource();
        var abandoned = _order.EnterAsync("app", 1, 12, Patience, gone.Token);
        var next = EnterAsync(13);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        _time.Advance(Patience);
        (await next.WaitAsync(Ct)).Dispose();
    }

    private Task<IDisposable> EnterAsync(long message, long conversation = 1, string app = "app", TimeSpan? patience = null) =>
        _order.EnterAsync(app, conversation, message, patience ?? Patience, Ct);

    /// <summary>A message that is known, when what may have come before it is no longer waited for.</summary>
    private async Task KnowAsync(long message)
    {
        var entering = EnterAsync(message);
        _time.Advance(Patience);
        (await entering.WaitAsync(Ct)).Dispose();
    }
}
