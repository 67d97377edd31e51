using StackExchange.Redis;

namespace Footbridge.Jobs.Redis;

// What people and housekeeping do; the road of a job itself is in RedisJobStore.cs.
public sealed partial class RedisJobStore
{
    private const int MaxLogLines = 200;
    private const int MaxLogLineLength = 4000;
    private const int CleanChunk = 200;

    public Task<bool> LogAsync(string id, string line, CancellationToken ct) =>
        AskAsync(RedisScripts.Log, Repeat.Never, [Clock(), id, line.Length <= MaxLogLineLength ? line : line[..MaxLogLineLength], MaxLogLines], ct);

    public Task<bool> PromoteAsync(string id, CancellationToken ct) => AskAsync(RedisScripts.Promote, Repeat.Never, [Clock(), id], ct);

    public Task<bool> RetryAsync(string id, bool atHead, CancellationToken ct) =>
        AskAsync(RedisScripts.Retry, Repeat.Never, [Clock(), id, atHead ? 1 : 0], ct);

    public Task<bool> SkipHeadAsync(string lane, CancellationToken ct) => AskAsync(RedisScripts.Skip, Repeat.Never, [Clock(), lane], ct);

    public async Task<int> DropLaneAsync(string lane, CancellationToken ct) => (int)await RunAsync(RedisScripts.Drop, Repeat.Never, [Clock(), lane], ct);

    public Task<bool> RemoveAsync(string id, CancellationToken ct) =>
        AskAsync(RedisScripts.Remove, Repeat.Never, [Clock(), WholeMilliseconds.Of(_options.DedupeFor), id], ct);

    public Task PauseAsync(string queue, CancellationToken ct) => RunAsync(RedisScripts.Pause, Repeat.Freely, [Clock(), queue, 1], ct);

    public Task ResumeAsync(string queue, CancellationToken ct) => RunAsync(RedisScripts.Pause, Repeat.Freely, [Clock(), queue, 0], ct);

    public async Task<int> CleanAsync(JobState state, TimeSpan keepFor, int keepCount, CancellationToken ct)
    {
        var stored = state switch
        {
            JobState.Completed => 2,
            JobState.Failed => 3,
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "only finished jobs can be cleaned"),
        };
        var total = 0;
        // In small steps, so that other work gets its turn in between.
        while (true)
        {
            var step = await RunAsync(
                RedisScripts.Clean, Repeat.Freely,
                [Clock(), WholeMilliseconds.Of(_options.DedupeFor), stored, WholeMilliseconds.Of(keepFor), keepCount, CleanChunk], ct);
            total += (int)step[0];
            if ((int)step[0] == 0 && (int)step[1] == 0) return total;
        }
    }

    /// <remarks>It mends lanes only. Whether the owner of a run is gone only its lease can tell.</remarks>
    public async Task<int> RepairAsync(CancellationToken ct)
    {
        var mended = new HashSet<string>(StringComparer.Ordinal);
        if (!await AskAsync(RedisScripts.Sound, Repeat.Freely, [Clock()], ct))
        {
            await foreach (var ids in NamesAsync("jobs", ct)) mended.UnionWith(await MendAsync(RedisScripts.MendJobs, [], ids, ct));
            await foreach (var spots in MembersAsync("lanes", ct)) mended.UnionWith(await MendAsync(RedisScripts.MendSpots, ["lanes"], spots, ct));
            await foreach (var entries in MembersAsync("index", ct)) await MendAsync(RedisScripts.MendSpots, ["index"], entries, ct);
        }

        foreach (var lanes in mended.Select(lane => (RedisValue)lane).Chunk(CleanChunk)) await MendAsync(RedisScripts.MendLanes, [], lanes, ct);
        await foreach (var lanes in NamesAsync("lane", ct)) mended.UnionWith(await MendAsync(RedisScripts.MendLanes, [], lanes, ct));
        return mended.Count;
    }

    private async Task<IEnumerable<string>> MendAsync(RedisScript script, RedisValue[] what, RedisValue[] names, CancellationToken ct) =>
        Rows(await RunAsync(script, Repeat.Freely, [Clock(), .. what, .. names], ct)).Select(lane => (string)lane!);

    private async IAsyncEnumerable<RedisValue[]> NamesAsync(string key, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var cursor = "0";
        do
        {
            var page = await _connection.CallAsync(database => database.ExecuteAsync("HSCAN", Key(key), cursor, "COUNT", CleanChunk), ct);
            cursor = (string)page[0]!;
            foreach (var names in Rows(page[1]).Where((_, i) => i % 2 == 0).Select(name => (RedisValue)name).Chunk(CleanChunk)) yield return names;
        }
        while (cursor != "0");
    }

    private async IAsyncEnumerable<RedisValue[]> MembersAsync(string key, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var cursor = "0";
        do
        {
            var page = await _connection.CallAsync(database => database.ExecuteAsync("ZSCAN", Key(key), cursor, "COUNT", CleanChunk), ct);
            cursor = (string)page[0]!;
            foreach (var names in Rows(page[1]).Where((_, i) => i % 2 == 0).Select(name => (RedisValue)name).Chunk(CleanChunk)) yield return names;
        }
        while (cursor != "0");
    }
}
