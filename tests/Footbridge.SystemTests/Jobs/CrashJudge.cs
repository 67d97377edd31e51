using System.Globalization;
using StackExchange.Redis;

namespace Footbridge.SystemTests.Jobs;

/// <summary>A journal of all runs in all processes, in one order, in a Redis that nobody kills.</summary>
internal sealed class CrashJudge : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _connection;
    private long _lastRun;

    private CrashJudge(ConnectionMultiplexer connection, string name) => (_connection, Name) = (connection, name);

    public string Name { get; }

    private IDatabase Database => _connection.GetDatabase();

    public static async Task<CrashJudge> OpenAsync(string name)
    {
        var address = Environment.GetEnvironmentVariable(RedisServer.SharedVariable) ?? (await RedisServer.SharedAsync()).Address.ToString();
        var host = address["redis://".Length..].Split('/')[0];
        return new CrashJudge(await ConnectionMultiplexer.ConnectAsync(host), name);
    }

    /// <summary>Says that a job's handler began; the name of this run.</summary>
    public async Task<string> BeginAsync(string job, int runs)
    {
        var run = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}.{Interlocked.Increment(ref _lastRun)}.{runs}");
        await Database.ListRightPushAsync(Name, $"begin/{job}/{run}");
        return run;
    }

    /// <summary>The effect: what must happen in order and, but for kills, once.</summary>
    public async Task EndAsync(string job, string run)
    {
        await Database.ListRightPushAsync(Name, $"end/{job}/{run}");
        await Database.StringIncrementAsync(Name + ":ended");
    }

    public async Task<long> EndedAsync() => (long)await Database.StringGetAsync(Name + ":ended");

    /// <summary>Every lane had its effects in order, and no run ended after the next one of its lane had begun.</summary>
    public async Task AssertAsync(int lanes, int each)
    {
        var entries = (await Database.ListRangeAsync(Name)).Select(entry => entry.ToString().Split('/')).ToArray();
        var byLane = entries.GroupBy(entry => entry[1]).ToArray();
        Assert.Equal(lanes, byLane.Length);
        foreach (var lane in byLane) AssertLane([.. lane], each);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static void AssertLane(string[][] entries, int each)
    {
        var (expected, current) = (0, "");
        foreach (var entry in entries)
        {
            var number = int.Parse(entry[2], CultureInfo.InvariantCulture);
            // A job that was running at a kill may run once more, but never after a later one of its lane.
            Assert.InRange(number, Math.Max(0, expected - 1), expected);
            if (entry[0] == "begin") current = entry[3];
            else Assert.Equal(current, entry[3]);
            if (entry[0] == "end") expected = number + 1;
        }

        Assert.Equal(each, expected);
    }
}
