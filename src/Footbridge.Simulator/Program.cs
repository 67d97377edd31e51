using System.Runtime.InteropServices;
using Footbridge.Simulator;
using Footbridge.Simulator.Control;
using Footbridge.Simulator.Demo;

using var stopping = new CancellationTokenSource();
// Both signals end the program the same way, so that a terminal, a container and a service manager all stop it cleanly.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    return CommandLine.Parse(args) switch
    {
        ServeCommand serve => await ServeHost.RunAsync(serve, Console.Out, TimeProvider.System, stopping.Token),
        DemoCommand demo => await DemoHost.RunAsync(demo, Console.Out, TimeProvider.System, stopping.Token),
        _ => Help(),
    };
}
catch (UsageException e)
{
    Console.Error.WriteLine($"{e.Message}\n\n{CommandLine.Usage}");
    return 2;
}
catch (SimulatorException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    return 0;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopping.Cancel();
}

static int Help()
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}
