using Footbridge.Bench.Bridge;
using Footbridge.Bench.Jobs;

// One line per benchmark: its name, and what it runs.
return args is [var name, .. var rest]
    ? name switch
    {
        "bridge" => await BridgeBench.RunAsync(rest),
        "jobs" => await JobsBench.RunAsync(rest),
        _ => Usage(),
    }
    : Usage();

static int Usage()
{
    Console.WriteLine("usage: dotnet run -c Release --project bench/Footbridge.Bench -- jobs [jobs] [folder] [lanes] | bridge [measures]");
    return 2;
}
