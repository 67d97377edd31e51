using Footbridge.Simulator.Chatwoot;

namespace Footbridge.Simulator.Control;

/// <summary>`serve`: both simulators and the control API, until somebody stops them.</summary>
internal static class ServeHost
{
    public static async Task<int> RunAsync(ServeCommand command, TextWriter output, TimeProvider time, CancellationToken ct)
    {
        await using var world = await SimulatedWorld.StartAsync(command.WhatsAppPort, command.ChatwootPort, time, ct);
        foreach (var (number, name) in command.Accounts)
        {
            if (world.AddPhone(number, name) is null) throw new UsageException($"--account {number} is given more than once");
        }

        await using var control = await ControlHost.StartAsync(command.ControlPort, world, () => null, _ => { }, ct);
        await output.WriteLineAsync(Settings(world, control));
        await output.FlushAsync(ct);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, ct);
        return 0;
    }

    /// <summary>One NAME=value a line, ready to be sourced by a shell; the first three are Footbridge's own settings.</summary>
    private static string Settings(SimulatedWorld world, ControlHost control) => $"""
        FOOTBRIDGE_WHATSAPP_URL={world.WhatsApp.ChatUrl}
        FOOTBRIDGE_MEDIA_CERTIFICATE={world.WhatsApp.Media.CertificateHash}
        FOOTBRIDGE_NOISE_ROOT={Convert.ToHexStringLower(world.WhatsApp.RootPublicKey)}
        CHATWOOT_URL={world.Chatwoot.BaseUrl.ToString().TrimEnd('/')}
        CHATWOOT_ACCOUNT_ID={ChatwootSimulator.AccountId}
        CHATWOOT_ACCOUNT_TOKEN={ChatwootSimulator.Token}
        CHATWOOT_INBOX_ID={ChatwootSimulator.InboxId}
        CHATWOOT_INBOX_IDENTIFIER={ChatwootSimulator.InboxIdentifier}
        SIMULATOR_URL={control.Url.ToString().TrimEnd('/')}
        """;
}
