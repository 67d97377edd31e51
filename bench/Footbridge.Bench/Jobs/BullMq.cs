using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Footbridge.Bench.Jobs;

/// <summary>BullMQ in a node process, driven over JSON lines (bench/bullmq/driver.mjs).</summary>
internal sealed class BullMq : IBrokerUnderTest
{
    private readonly BenchRedis _redis;
    private readonly Process _process;
    private TimeSpan _cpu;
    private long _bytes;

    private BullMq(BenchRedis redis, Process process) => (_redis, _process) = (redis, process);

    public string Name => "BullMQ, Redis";

    /// <summary>Why it cannot run here, or null.</summary>
    public static string? WhatIsMissing(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "driver.mjs"))) return "start the bench from the repository, bench/bullmq/driver.mjs is not there";
        if (Directory.Exists(Path.Combine(folder, "node_modules"))) return null;
        using var install = Process.Start(new ProcessStartInfo("npm", "ci --ignore-scripts --no-audit --no-fund --silent") { WorkingDirectory = folder });
        install!.WaitForExit();
        return install.ExitCode == 0 ? null : $"npm ci in {folder} failed: BullMQ is needed for the comparison";
    }

    public static BullMq Start(BenchRedis redis, BenchRedis? judge = null)
    {
        var start = new ProcessStartInfo("node", ["bench/bullmq/driver.mjs", Text(redis.Port), Text(judge?.Port ?? 0)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new BullMq(redis, Process.Start(start)!);
    }

    public async Task OpenAsync()
    {
        await _redis.EmptyAsync();
        await JoinAsync();
    }

    /// <summary>As <see cref="OpenAsync"/>, with what is stored already.</summary>
    public Task JoinAsync() => RunAsync("open", []);

    public Task EnqueueInBatchesAsync(int jobs, int lanes) => RunAsync("bulk", new() { ["jobs"] = jobs, ["lanes"] = lanes });

    public Task EnqueueOneByOneAsync(int jobs, int lanes) => RunAsync("one", new() { ["jobs"] = jobs, ["lanes"] = lanes, ["callers"] = 200 });

    public Task DrainAsync(int jobs, int milliseconds) => RunAsync("drain", new() { ["jobs"] = jobs, ["milliseconds"] = milliseconds, ["concurrency"] = 50 });

    public async Task<double[]> IdleAsync(int jobs) =>
        [.. (await RunAsync("idle", new() { ["jobs"] = jobs }))!.AsArray().Select(time => time!.GetValue<double>())];

    public Task<(TimeSpan Cpu, long Bytes)> CostAsync() => Task.FromResult((_cpu, _bytes));

    public async Task<JsonNode?> RunAsync(string command, JsonObject args)
    {
        args["command"] = command;
        await _process.StandardInput.WriteLineAsync(args.ToJsonString());
        await _process.StandardInput.FlushAsync();
        var answer = JsonNode.Parse(await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("node ended"))!;
        _cpu = TimeSpan.FromMilliseconds(answer["cpuMs"]!.GetValue<double>());
        _bytes = answer["rss"]!.GetValue<long>();
        return answer["result"];
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
