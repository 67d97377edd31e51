using System.Net;
using System.Net.Sockets;

namespace Footbridge.Simulator.Control;

/// <summary>Loopback ports.</summary>
internal static class Ports
{
    /// <summary>The port itself when it is free, or for 0 any that is free now; for a process that is about to be started.</summary>
    /// <exception cref="SimulatorException">The port is taken; whoever has it must not be mistaken for that process.</exception>
    public static int Choose(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        catch (SocketException e)
        {
            throw Taken(port, e);
        }
    }

    /// <summary>Starts something that listens.</summary>
    /// <exception cref="SimulatorException">The port is taken or not allowed.</exception>
    public static async Task<T> UseAsync<T>(int port, Func<Task<T>> start)
    {
        try
        {
            return await start();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw Taken(port, e);
        }
    }

    private static SimulatorException Taken(int port, Exception e) => new($"cannot listen on port {port}: {e.Message.TrimEnd('.')}. Choose another port (see --help).", e);
}
