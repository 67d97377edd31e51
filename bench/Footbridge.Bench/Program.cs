using Footbridge.Bench.Bridge;
using Footbridge.Bench.Engine;
using Footbridge.Bench.Hostile;
using Footbridge.Bench.Jobs;
using Footbridge.Bench.Media;

// One line per benchmark: its name, and what it runs.
return args is [var name, .. var rest]
    ? name switch
    {
        "bridge" => await BridgeBench.RunAsync(rest),
        "engine" => await EngineBench.RunAsync(rest),
        "engine-client" => await OwnClient.RunAsync(),
        "jobs" => await JobsBench.RunAsync(rest),
        "jobs-worker" => await LaneProbe.WorkAsync(rest),
        "media" => await MediaBench.RunAsync(),
        "hostile" => await HostileBench.RunAsync(rest),
        _ => Usage(),
    }
    : Usage();

static int Usage()
{
    Console.WriteLine(
        "usage: dotnet run -c Release --project bench/Footbridge.Bench -- bridge [measures] | engine [work | 10 | 100 | 1000] | jobs [jobs] [rounds] [lanes] | media | hostile [inputs] [seed] [parser]");
    return 2;
}
