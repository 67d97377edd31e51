using System.Text.Json.Nodes;
using Footbridge.Server.Storage;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Takes an app's callbacks on: those that are Chatwoot's own, in the order of their messages, durably.</summary>
internal sealed class CallbackDoor(WebhookJobs jobs, CallbackOrder order, Ledger ledger, TimeProvider time, ILogger<CallbackDoor> logger)
{
    /// <summary>Whether a callback may be taken for Chatwoot's own. Where no secret is known the address is the secret.</summary>
    public bool IsOpenFor(AppRecord app, HttpRequest request, ReadOnlySpan<byte> body)
    {
        if (app.App != AppRecord.Chatwoot || SendingConfig.Read(app.Config) is not { WebhookSecret: { } secret } config) return true;
        var (signature, timestamp) = (request.Headers[CallbackSignature.Header].ToString(), request.Headers[CallbackSignature.TimeHeader].ToString());
        if (CallbackSignature.Fault(secret, signature, timestamp, body, time.GetUtcNow()) is not { } fault) return true;
        logger.CallbackNotSigned(app.Id, fault, config.Signature == SignatureMode.Enforce);
        return config.Signature != SignatureMode.Enforce;
    }

    /// <summary>Takes a callback on, durably when the task completes; what is not for WhatsApp is only noted.</summary>
    public async Task TakeAsync(AppRecord app, JsonObject body, CancellationToken ct)
    {
        var delivery = jobs.DeliveryFor(app, body);
        using var span = Traces.Callback(delivery?.Job);
        if (delivery is null)
        {
            Pass(app, body);
        }
        else if (delivery is { Job.Queue: Queues.MessageCreated or Queues.Commands, Conversation: { } conversation, CwId: { } message })
        {
            using var turn = await order.EnterAsync(app.Id, conversation, message, SendingConfig.Read(app.Config).OrderWait, ct);
            await ledger.AcceptAsync(delivery, ct);
        }
        else
        {
            await ledger.AcceptAsync(delivery, ct);
        }
    }

    /// <summary>A callback that nothing is done with: a message that others need not wait for.</summary>
    public void Pass(AppRecord app, JsonObject body)
    {
        if (CallbackFields.Text(body["event"]) == "message_created" && CallbackFields.Number(body["id"]) is { } message)
        {
            order.Saw(app.Id, message, SendingConfig.Read(app.Config).OrderWait);
        }
    }
}
