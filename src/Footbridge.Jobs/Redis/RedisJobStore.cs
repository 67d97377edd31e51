using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Footbridge.Jobs.Redis;

/// <summary>The broker for any number of processes: lanes in Redis or Valkey, each operation one script.</summary>
/// <remarks>
/// Time is the server's own. A run whose worker is gone is taken back when its lease ends: nobody here can know sooner.
/// See docs/decisions/0005-redis.md for the keys and what each holds.
/// </remarks>
public sealed partial class RedisJobStore : IJobStore, IAsyncDisposable
{
    private const int MaxGroup = 500;
    private const int MaxGroupBytes = 4 * 1024 * 1024;
    private const int MaxClaimBytes = 32 * 1024 * 1024;
    private const int SettlingGroups = 4;
    private readonly RedisConnection _connection;
    private readonly TimeProvider _time;
    private readonly RedisJobStoreOptions _options;
    private readonly FrozenDictionary<RedisScript, RedisKey[]> _keys;
    private readonly RedisBatch<JobRequest, JobEnqueued> _enqueueing;
    private readonly RedisBatch<(JobTicket Ticket, NextClaim? Next), JobCompletion> _completing;
    private readonly string _self = Guid.NewGuid().ToString("N")[..12];
    private long _calls;

    private RedisJobStore(RedisConnection connection, TimeProvider time, RedisJobStoreOptions options, ILogger logger)
    {
        (_connection, _time, _options, _logger) = (connection, time, options, logger);
        _keys = RedisScripts.All.ToFrozenDictionary(script => script, script => script.Keys.Select(Key).ToArray());
        _enqueueing = new(EnqueueGroupAsync, request => request.Payload.Length + (MaxGroupBytes / MaxGroup), MaxGroupBytes, groups: 1);
        _completing = new(CompleteGroupAsync, _ => 1, MaxGroup, SettlingGroups);
        _safetyLook = time.CreateTimer(_ => Woken?.Invoke(), null, SafetyLook, SafetyLook);
    }

    /// <summary>The read side of this store.</summary>
    public IJobMonitor OpenMonitor() => new RedisJobMonitor(this);

    public async Task<IReadOnlyList<JobEnqueued>> EnqueueAsync(IReadOnlyList<JobRequest> requests, CancellationToken ct)
    {
        foreach (var request in requests) request.Check();
        ct.ThrowIfCancellationRequested();
        return await _enqueueing.AddAsync(requests);
    }

    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(string owner, JobSlots slots, TimeSpan lease, CancellationToken ct)
    {
        var args = Claiming();
        args.Add(slots.Total);
        args.Add(slots.Bulk);
        args.Add(owner);
        args.Add(WholeMilliseconds.Of(lease));
        var jobs = await RunAsync(RedisScripts.Claim, Repeat.Told, args, ct);
        return [.. Rows(jobs).Select(RedisRows.Claimed)];
    }

    public Task<JobCompletion> CompleteAsync(JobTicket ticket, NextClaim? next, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return _completing.AddAsync((ticket, next));
    }

    public async Task<JobFailureResult> FailAsync(JobTicket ticket, JobFailure failure, CancellationToken ct)
    {
        // The rule of waiting is not written twice: what it asks for cannot change while the ticket is current.
        var facts = await RunAsync(RedisScripts.Facts, Repeat.Freely, [Clock(), ticket.Id, ticket.FencingToken], ct);
        if (facts.Length == 0) return JobFailureResult.Lost;
        var delay = failure.NextDelay(RedisRows.Policy(facts[0]), (int)facts[1], RedisRows.Time(facts[2]));
        List<RedisValue> args =
        [
            Clock(), ticket.Id, ticket.FencingToken, "0", delay is { } wait ? WholeMilliseconds.Of(wait) : "",
            failure.Kind == JobFailureKind.RetryAfter ? 1 : 0, failure.Error, failure.Stack ?? "",
        ];
        if ((int)await RunAsync(RedisScripts.Fail, Repeat.Told, args, ct) == 0) return JobFailureResult.Lost;
        return delay is null ? JobFailureResult.Failed : JobFailureResult.WillRetry;
    }

    public Task<bool> ReleaseAsync(JobTicket ticket, CancellationToken ct) =>
        AskAsync(RedisScripts.Release, Repeat.Told, [Clock(), ticket.Id, ticket.FencingToken, "0"], ct);

    public async Task<IReadOnlyList<bool>> RenewAsync(IReadOnlyList<JobTicket> tickets, TimeSpan lease, CancellationToken ct)
    {
        List<RedisValue> args = [Clock(), WholeMilliseconds.Of(lease)];
        foreach (var ticket in tickets)
        {
            args.Add(ticket.Id);
            args.Add(ticket.FencingToken);
        }

        return [.. Rows(await RunAsync(RedisScripts.Renew, Repeat.Freely, args, ct)).Select(kept => (int)kept == 1)];
    }

    public Task<bool> ProgressAsync(JobTicket ticket, int percent, CancellationToken ct) =>
        AskAsync(RedisScripts.Progress, Repeat.Freely, [Clock(), ticket.Id, ticket.FencingToken, Math.Clamp(percent, 0, 100)], ct);

    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken ct)
    {
        var due = await RunAsync(RedisScripts.Due, Repeat.Freely, [Clock()], ct);
        if (due.Length == 0) return null;
        // Told in this process's time: the server's clock may be another.
        if (_time != TimeProvider.System) return RedisRows.Time(due[0]);
        return _time.GetUtcNow() + TimeSpan.FromMilliseconds((long)due[0] - (long)due[1]);
    }

    /// <summary>Runs a script of this store; the first argument is always <see cref="Clock"/>.</summary>
    internal async Task<RedisResult> RunAsync(RedisScript script, Repeat repeat, List<RedisValue> args, CancellationToken ct)
    {
        if (!_isOpen) await MakeSureAsync(ct);
        return await _connection.RunAsync(script, _keys[script], [.. args], repeat, ct);
    }

    /// <summary>Empty: the server's time. A clock that tests turn is brought along.</summary>
    internal RedisValue Clock() => _time == TimeProvider.System ? "" : _time.GetUtcNow().ToUnixTimeMilliseconds();

    internal static RedisResult[] Rows(RedisResult array) => (RedisResult[])array!;

    private RedisKey Key(string name) => $"{{{_options.Prefix}}}:{name}";

    private async Task<bool> AskAsync(RedisScript script, Repeat repeat, List<RedisValue> args, CancellationToken ct) =>
        (int)await RunAsync(script, repeat, args, ct) == 1;

    // The first five arguments of every script that claims.
    public async Task<int> TakeBackAsync(string owner, CancellationToken ct)
    {
        var args = Claiming();
        args.Add(owner);
        return (int)await RunAsync(RedisScripts.TakeBack, Repeat.Freely, args, ct);
    }

    private List<RedisValue> Claiming()
    {
        var call = string.Create(CultureInfo.InvariantCulture, $"{_self}-{Interlocked.Increment(ref _calls)}");
        return [Clock(), _options.MaxLostRuns, MaxClaimBytes, "0", call];
    }

    private async Task<IReadOnlyList<JobEnqueued>> EnqueueGroupAsync(IReadOnlyList<JobRequest> requests)
    {
        var args = new List<RedisValue>((requests.Count * 9) + 1) { Clock() };
        foreach (var request in requests) RedisRows.Add(args, request);
        var results = await RunAsync(RedisScripts.Enqueue, Repeat.Freely, args, CancellationToken.None);
        return [.. Rows(results).Select(result => (JobEnqueued)(int)result)];
    }

    private async Task<IReadOnlyList<JobCompletion>> CompleteGroupAsync(IReadOnlyList<(JobTicket Ticket, NextClaim? Next)> settled)
    {
        var args = Claiming();
        foreach (var (ticket, next) in settled)
        {
            args.Add(ticket.Id);
            args.Add(ticket.FencingToken);
            args.Add(next is null ? "" : next.Value.Bulk ? 1 : 0);
            args.Add(next?.Owner ?? "");
            args.Add(next is null ? 0 : WholeMilliseconds.Of(next.Value.Lease));
        }

        var results = Rows(await RunAsync(RedisScripts.Complete, Repeat.Told, args, CancellationToken.None));
        return [.. results.Select(row => new JobCompletion((int)row[0] == 1, row.Length > 1 ? RedisRows.Claimed(row[1]) : null))];
    }
}
