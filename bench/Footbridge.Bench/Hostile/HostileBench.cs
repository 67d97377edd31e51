using System.Globalization;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Storage;

namespace Footbridge.Bench.Hostile;

/// <summary>Every parser of outside bytes against hostile input; ends with 1 and the input at the first broken promise.</summary>
internal static class HostileBench
{
    private const int DefaultCount = 1_000_000;
    private const int DefaultSeed = 20261124;

    public static async Task<int> RunAsync(string[] args)
    {
        var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : DefaultCount;
        var seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : DefaultSeed;
        var only = args.Length > 2 ? args[2] : "";
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"footbridge-hostile-{Environment.ProcessId}"));
        try
        {
            await using var database = SqliteDatabase.Open(Path.Combine(folder.FullName, "map.db"));
            await Schema.MigrateAsync(database, CancellationToken.None);
            var jobs = await WebhookTarget.JobsAsync(database, CancellationToken.None);
            return RunAll(Targets(seed, jobs).Where(t => t.Name.Contains(only, StringComparison.Ordinal)), seed, count);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<HostileTarget> Targets(int seed, WebhookJobs jobs) =>
    [
        NodeTarget.Create(seed), .. new NoiseTargets().Create(seed), MessageTarget.Create(seed), .. new SignalTargets().Create(seed), .. JidTargets.Create(seed), WebhookTarget.Create(seed, jobs),
        .. new SenderKeyTargets().Create(seed), AppStateTarget.Create(seed), CollectionTarget.Create(seed), .. new PairingTargets().Create(seed), HistoryTarget.Create(seed), ContentTarget.Create(seed),
        SealedAddOnTarget.Create(seed), StanzaTarget.Create(seed), AnswerTarget.Create(seed), MexTarget.Create(seed), .. MediaTargets.Create(seed), EventTarget.Create(seed),
    ];

    private static int RunAll(IEnumerable<HostileTarget> targets, int seed, int count)
    {
        Console.WriteLine($"seed {seed}; bound: {HostileRun.MaxMemoryBytes / 1024 / 1024} MiB for one input and for the heap, 1 s for one input");
        Console.WriteLine("| parser | inputs | accepted | refused | seconds | inputs/s | slowest, ms | bytes/input | largest, MiB | peak heap, MiB |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var target in targets)
        {
            var r = new HostileRun(target, seed, watchesHeap: true).Run(count);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {r.Name} | {r.Inputs:N0} | {r.Accepted:N0} | {r.Inputs - r.Accepted:N0} | {r.Time.TotalSeconds:F1} | {r.Inputs / r.Time.TotalSeconds:N0} "
                + $"| {r.Slowest.TotalMilliseconds:F1} | {r.AllocatedBytes / r.Inputs:N0} | {Mebibytes(r.LargestBytes):F1} | {Mebibytes(r.PeakBytes):F0} |"));
            if (r.Failure is null) continue;
            Console.WriteLine(r.Failure);
            return 1;
        }

        return 0;
    }

    private static double Mebibytes(long bytes) => bytes / 1024.0 / 1024.0;
}
