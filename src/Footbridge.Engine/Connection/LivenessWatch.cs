using Footbridge.Engine.Messages;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Connection;

/// <summary>Acts on doubt about one connection, from the mildest step on: a probe, our keys, a new connection, an alert. Never a logout.</summary>
internal sealed class LivenessWatch(Liveness liveness, Func<CancellationToken, Task> probe, Func<CancellationToken, Task> refreshKeys, ILogger logger)
{
    private bool _keysAreFresh;

    /// <summary>Runs until the connection is to be made anew, and says why.</summary>
    public async Task<string> RunAsync(CancellationToken ct)
    {
        string? alerted = null;
        while (true)
        {
            await liveness.WaitAsync(ct);
            if (await ExamineAsync(ct) is not { } reason)
            {
                alerted = null;
                continue;
            }

            if (liveness.TryRestart(reason)) return reason;
            if (alerted != reason) logger.LivenessAlert(reason);
            alerted = reason;
        }
    }

    /// <summary>Why a new connection is needed; null when there is no doubt, or a milder step was taken.</summary>
    private async Task<string?> ExamineAsync(CancellationToken ct) => liveness.Doubt switch
    {
        Doubt.MissingAck => "WhatsApp answers, and does not acknowledge messages",
        Doubt.Undecryptable when _keysAreFresh => "messages of several people cannot be decrypted",
        Doubt.Undecryptable => await RefreshKeysAsync(ct),
        Doubt.NoRoundTrip => await ProbeAsync(ct),
        _ => null,
    };

    private async Task<string?> ProbeAsync(CancellationToken ct)
    {
        liveness.Take(LivenessStep.Probing, "no query was answered for a while");
        try
        {
            await probe(ct);
            return null;
        }
        catch (TimeoutException)
        {
            return "WhatsApp sends frames, and answers no queries";
        }
    }

    private async Task<string?> RefreshKeysAsync(CancellationToken ct)
    {
        const string Reason = "messages of several people cannot be decrypted; the keys at the server are compared";
        liveness.Take(LivenessStep.RefreshingKeys, Reason);
        liveness.CountUndecryptedAnew();
        logger.LivenessStepTaken(LivenessStep.RefreshingKeys, Reason);
        _keysAreFresh = true;
        try
        {
            await refreshKeys(ct);
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException)
        {
            logger.LoginStepFailed("the comparison of the keys", e.Message);
        }

        return null;
    }
}
