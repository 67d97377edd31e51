using System.Security.Cryptography;

namespace Footbridge.Engine.Connection;

/// <summary>Pings the server and notices a connection that is dead without saying so. Source: docs/protocol/timers.md.</summary>
internal sealed class KeepAlive(WaClientOptions options, TimeProvider time, Func<CancellationToken, Task> ping, Func<long> lastInbound)
{
    private const int JitterPercent = 20;

    /// <summary>Runs until the connection is dead, and says why; a ping every 25 s, 20 % either way.</summary>
    public async Task<string> RunAsync(CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(options.KeepAliveInterval * (1 + RandomNumberGenerator.GetInt32(-JitterPercent, JitterPercent + 1) / 100.0), time, ct);
            try
            {
                await ping(ct);
            }
            catch (TimeoutException)
            {
                if (time.GetElapsedTime(lastInbound()) > options.KeepAliveInterval) return "WhatsApp does not answer pings";
            }

            if (time.GetElapsedTime(lastInbound()) > options.SilenceLimit) return "nothing came from WhatsApp for too long";
        }
    }
}
