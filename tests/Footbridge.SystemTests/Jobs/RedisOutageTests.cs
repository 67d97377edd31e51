using System.Globalization;
using Footbridge.Jobs;
using Footbridge.Jobs.Redis;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Footbridge.SystemTests.Jobs;

/// <summary>What becomes of jobs when Redis forgets, dies, or is replaced by its replica.</summary>
public sealed class RedisOutageTests : RedisStoreTest
{
    [Fact]
    public async Task After_the_server_was_emptied_a_gap_is_told_and_old_tickets_change_nothing()
    {
        var server = await StartServerAsync();
        var store = await OpenStoreAsync(server.Address);
        await store.EnqueueAsync([Job("a"), Job("b")], Ct);
        var before = Assert.Single(await ClaimAsync(store));
        using var woken = new SemaphoreSlim(0);
        store.Woken += () => woken.Release();
        await server.RunAsync("FLUSHALL");
        Assert.Equal([JobEnqueued.Gap], await store.EnqueueAsync([Job("c") with { After = "b" }], Ct));
        Assert.False((await store.CompleteAsync(before.Ticket, null, Ct)).Accepted);
        Assert.Equal([JobEnqueued.Added, JobEnqueued.Added], await store.EnqueueAsync([Job("a") with { EarlierRuns = 1 }, Job("b") with { After = "a" }], Ct));
        await woken.WaitAsync(Ct); // whoever waited before, the server has forgotten it
        var again = Assert.Single(await ClaimAsync(store));
        Assert.Equal(("a", 2), (again.Id, again.Runs));
        Assert.True(again.FencingToken > before.FencingToken);
        Assert.False((await store.CompleteAsync(before.Ticket, null, Ct)).Accepted);
        Assert.True((await store.CompleteAsync(again.Ticket, null, Ct)).Accepted);
        Assert.Equal(0, await store.RepairAsync(Ct));
    }

    [Fact]
    public async Task A_server_that_forgot_the_scripts_is_told_them_again()
    {
        var server = await StartServerAsync();
        var store = await OpenStoreAsync(server.Address);
        await store.EnqueueAsync([Job("a")], Ct);
        await server.RunAsync("SCRIPT", "FLUSH");
        Assert.Equal([JobEnqueued.Known], await store.EnqueueAsync([Job("a")], Ct));
        Assert.True((await store.CompleteAsync(Assert.Single(await ClaimAsync(store)).Ticket, null, Ct)).Accepted);
    }

    [Fact]
    public async Task What_is_asked_for_while_the_server_restarts_is_done_when_it_is_back()
    {
        var server = await StartServerAsync("--appendfsync", "always");
        var store = await OpenStoreAsync(server.Address);
        await store.EnqueueAsync([Job("a"), Job("b")], Ct);
        var first = Assert.Single(await ClaimAsync(store));
        var woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await server.KillAsync();
        store.Woken += () => woken.TrySetResult();
        var done = store.CompleteAsync(first.Ticket, new NextClaim("w", Lease), Ct);
        var added = store.EnqueueAsync([Job("c") with { After = "b" }], Ct);
        Assert.False(done.IsCompleted);
        await server.StartAgainAsync();
        Assert.Equal([JobEnqueued.Added], await added);
        var completion = await done;
        Assert.Equal((true, "b"), (completion.Accepted, completion.Next?.Id));
        await woken.Task.WaitAsync(Ct);
    }

    [Fact]
    public async Task A_server_that_stays_away_is_an_error_that_says_so_and_not_a_hang()
    {
        var server = await StartServerAsync();
        var logger = new CollectingLogger();
        var impatient = new RedisConnectionOptions { Timeout = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(1) };
        var store = await OpenStoreAsync(server.Address, logger, impatient);
        await server.KillAsync();
        var error = await Assert.ThrowsAsync<BrokerUnavailableException>(() => store.EnqueueAsync([Job("a")], Ct));
        Assert.Contains(server.Address.ToString(), error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BrokerUnavailableException>(() => store.SkipHeadAsync("lane", Ct));
        Assert.Single(logger.Lines, line => line.Text.Contains("is lost", StringComparison.Ordinal));
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Woken += () => back.TrySetResult();
        await server.StartAgainAsync();
        // The client connects again in its own time, which may be longer than the patience of this store.
        await back.Task.WaitAsync(Ct);
        Assert.Equal([JobEnqueued.Added], await store.EnqueueAsync([Job("a")], Ct));
        await Assert.ThrowsAsync<BrokerUnavailableException>(
            () => RedisConnection.OpenAsync(RedisAddress.Parse("redis://127.0.0.1:1"), impatient, NullLogger.Instance, Ct));
    }

    [Fact]
    public async Task After_a_failover_the_work_goes_on_at_the_replica()
    {
        var (primary, replica) = (await StartServerAsync(), await StartServerAsync());
        await replica.RunAsync("REPLICAOF", "127.0.0.1", primary.Port.ToString(CultureInfo.InvariantCulture));
        var both = RedisAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{primary.Port},127.0.0.1:{replica.Port}"));
        await using var connection = await RedisConnection.OpenAsync(both, null, NullLogger.Instance, Ct);
        var store = await OpenStoreAsync(connection);
        await store.EnqueueAsync([Job("a"), Job("b")], Ct);
        var running = Assert.Single(await ClaimAsync(store));
        Assert.Equal(1, (int)await connection.Database.ExecuteAsync("WAIT", 1, 10_000));
        await primary.KillAsync();
        var done = store.CompleteAsync(running.Ticket, new NextClaim("w", Lease), Ct);
        await replica.RunAsync("REPLICAOF", "NO", "ONE");
        Assert.Equal((true, "b"), ((await done).Accepted, (await done).Next?.Id));
        Assert.Equal([JobEnqueued.Known, JobEnqueued.Added], await store.EnqueueAsync([Job("a"), Job("c") with { After = "b" }], Ct));
    }

    [Fact]
    public async Task An_answer_that_got_lost_is_given_again_and_nothing_is_done_twice()
    {
        var store = await OpenStoreAsync((await RedisServer.SharedAsync()).Address);
        await store.EnqueueAsync([Job("a1", "a"), Job("a2", "a"), Job("b1", "b"), Job("c1", "c")], Ct);
        RedisValue[] head = ["", 20, 1_000_000];
        RedisValue[] claim = [2, 0, "w", 30_000];
        var first = RedisJobStore.Rows(await store.RunAsync(RedisScripts.Claim, Repeat.Never, [.. head, "0", "call-1", .. claim], Ct)).Select(RedisRows.Claimed).ToArray();
        var again = RedisJobStore.Rows(await store.RunAsync(RedisScripts.Claim, Repeat.Never, [.. head, "1", "call-1", .. claim], Ct)).Select(RedisRows.Claimed).ToArray();
        Assert.Equal(["a1", "b1"], first.Select(job => job.Id));
        Assert.Equal(first.Select(job => job.Ticket).ToHashSet(), again.Select(job => job.Ticket).ToHashSet());
        RedisValue[] complete = ["a1", first[0].FencingToken, 1, "w", 30_000];
        var done = await store.RunAsync(RedisScripts.Complete, Repeat.Never, [.. head, "0", "call-2", .. complete], Ct);
        var doneAgain = await store.RunAsync(RedisScripts.Complete, Repeat.Never, [.. head, "1", "call-2", .. complete], Ct);
        Assert.Equal((1, 1), ((int)done[0][0], (int)doneAgain[0][0]));
        Assert.Equal(RedisRows.Claimed(done[0][1]).Ticket, RedisRows.Claimed(doneAgain[0][1]).Ticket);
        Assert.Equal("c1", RedisRows.Claimed(doneAgain[0][1]).Id);
        Assert.Equal(1, (await store.OpenMonitor().QueuesAsync(Ct))[0].Counts[JobState.Completed]);
    }
}
