using System.Diagnostics;
using System.Globalization;

namespace Footbridge.Bench.Jobs;

/// <summary>Our broker on both stores beside BullMQ on the same Redis: rounds in turn, medians, ratios; then the lane probe.</summary>
internal static class JobsBench
{
    private const int IdleJobs = 500;

    public static async Task<int> RunAsync(string[] args)
    {
        var jobs = Number(args, 0, 20_000);
        var rounds = Number(args, 1, 3);
        var lanes = Number(args, 2, 200);
        if (BullMq.WhatIsMissing("bench/bullmq") is { } missing)
        {
            Console.WriteLine(missing);
            return 2;
        }

        var folder = Directory.CreateTempSubdirectory("footbridge-bench-jobs-");
        await using var redis = await BenchRedis.StartAsync();
        try
        {
            Console.WriteLine($"{jobs} jobs over {lanes} lanes, 300-byte payloads, full job records, {rounds} rounds in turn, {Environment.ProcessorCount} cores");
            var table = new JobsTable();
            // The first round warms up: code is compiled, connections are made.
            await RoundAsync(redis, folder, new JobsTable(), (Math.Min(jobs, 5000), lanes));
            for (var round = 0; round < rounds; round++) await RoundAsync(redis, folder, table, (jobs, lanes));
            table.Print();
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        await LaneProbe.RunAsync();
        return 0;
    }

    private static async Task RoundAsync(BenchRedis redis, DirectoryInfo folder, JobsTable table, (int Jobs, int Lanes) size)
    {
        await MeasureAsync(BullMq.Start(redis), redis, table, size);
        await MeasureAsync(new OwnBrokerOnRedis(redis), redis, table, size);
        await MeasureAsync(new OwnBrokerOnSqlite(folder), null, table, size);
    }

    private static async Task MeasureAsync(IBrokerUnderTest broker, BenchRedis? redis, JobsTable table, (int Jobs, int Lanes) size)
    {
        await using var _ = broker;
        GC.Collect();
        await broker.OpenAsync();
        var (jobs, slow) = (size.Jobs, size.Jobs / 2);
        var before = redis is null ? 0 : await redis.UsedBytesAsync();
        table.Add("enqueue, batches of 500 (jobs/s)", broker.Name, jobs / await SecondsAsync(() => broker.EnqueueInBatchesAsync(jobs, size.Lanes)));
        var cpu = await CpuAsync(broker, redis);
        table.Add("drain, no-op handler, 50 at once (jobs/s)", broker.Name, jobs / await SecondsAsync(() => broker.DrainAsync(jobs, 0)));
        table.Add("processor time of that, Redis included (ms/job)", broker.Name, (await CpuAsync(broker, redis) - cpu).TotalMilliseconds / jobs);
        if (redis is not null) table.Add("Redis memory of a finished job (bytes)", broker.Name, (await redis.UsedBytesAsync() - before) / (double)jobs);
        table.Add("enqueue one by one, 200 callers (jobs/s)", broker.Name, slow / await SecondsAsync(() => broker.EnqueueOneByOneAsync(slow, size.Lanes)));
        table.Add("drain, 5 ms handler, 50 at once (jobs/s)", broker.Name, slow / await SecondsAsync(() => broker.DrainAsync(slow, 5)));
        var idle = await broker.IdleAsync(IdleJobs);
        Array.Sort(idle);
        table.Add("idle, enqueue to handler, p50 (ms)", broker.Name, idle[IdleJobs / 2]);
        table.Add("idle, enqueue to handler, p99 (ms)", broker.Name, idle[IdleJobs * 99 / 100]);
        table.Add("memory of the process (MB)", broker.Name, (await broker.CostAsync()).Bytes / 1e6);
    }

    private static async Task<TimeSpan> CpuAsync(IBrokerUnderTest broker, BenchRedis? redis) => (await broker.CostAsync()).Cpu + (redis?.Cpu ?? TimeSpan.Zero);

    private static async Task<double> SecondsAsync(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static int Number(string[] args, int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;
}
