using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.Setup;
using Footbridge.Server.Apps.Chatwoot.ToWhatsApp;
using Footbridge.Server.Storage;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Takes an app's callbacks on: those that are Chatwoot's own, in the order of their messages, durably.</summary>
/// <remarks>
/// A callback that must wait for others is kept and answered first. Chatwoot makes its calls from a few threads, and one that is held
/// would keep the call away that it waits for.
/// </remarks>
internal sealed class CallbackDoor(
    WebhookJobs jobs, CallbackOrder order, HeldCallbacks held, AgentTyping typing, AppRegistry apps, Ledger ledger, CallbackWatch watch, TimeProvider time, ILogger<CallbackDoor> logger) : IAsyncDisposable
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);
    private readonly UnattendedTasks _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private int _disposed;

    /// <summary>Whether a callback may be taken for Chatwoot's own. Where no secret is known the address is the secret.</summary>
    public bool IsOpenFor(AppRecord app, HttpRequest request, ReadOnlySpan<byte> body)
    {
        if (app.App != AppRecord.Chatwoot) return true;
        if (SendingConfig.Read(app.Config) is not { WebhookSecret: { } secret } config)
        {
            watch.Saw(app.Id, null, null);
            return true;
        }

        var (signature, timestamp) = (request.Headers[CallbackSignature.Header].ToString(), request.Headers[CallbackSignature.TimeHeader].ToString());
        var fault = CallbackSignature.Fault(secret, signature, timestamp, body, time.GetUtcNow());
        watch.Saw(app.Id, signature.Length > 0, fault);
        if (fault is null) return true;
        logger.CallbackNotSigned(app.Id, fault, config.Signature == SignatureMode.Enforce);
        return config.Signature != SignatureMode.Enforce;
    }

    /// <summary>Takes on what was waiting when an earlier run of the process ended; before the first new callback.</summary>
    public async Task TakeOnHeldAsync()
    {
        foreach (var callback in held.All()) await AcceptAsync(callback);
    }

    /// <summary>Takes a callback on, durably when the task completes; what is not for WhatsApp is only noted.</summary>
    public async Task TakeAsync(AppRecord app, JsonObject body, CancellationToken ct)
    {
        var delivery = jobs.DeliveryFor(app, body);
        using var span = Traces.Callback(delivery?.Job);
        if (delivery is null) await PassAsync(app, body, ct);
        else if (delivery is { Job.Queue: Queues.MessageCreated or Queues.Commands, Conversation: { } conversation, CwId: { } message }) await TakeInOrderAsync(app, conversation, message, body, delivery, ct);
        else await ledger.AcceptAsync(delivery, ct);
    }

    /// <summary>A callback that asks for nothing: a message that others need not wait for, or somebody who types.</summary>
    public async Task PassAsync(AppRecord app, JsonObject body, CancellationToken ct)
    {
        if (CallbackFields.Text(body["event"]) is "conversation_typing_on" or "conversation_typing_off") await typing.ShowAsync(app, body, ct);
        else if (CallbackFields.Text(body["event"]) == "message_created" && CallbackFields.Number(body["id"]) is { } message)
        {
            order.Saw(app.Id, message, SendingConfig.Read(app.Config).OrderWait);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _stop.CancelAsync();
        await _waiting.EndedAsync();
        _stop.Dispose();
    }

    private async Task TakeInOrderAsync(AppRecord app, long conversation, long message, JsonObject body, Delivery delivery, CancellationToken ct)
    {
        var entering = order.EnterAsync(app.Id, conversation, message, SendingConfig.Read(app.Config).OrderWait, _stop.Token);
        if (!entering.IsCompleted)
        {
            await HoldAsync(app, message, body, entering, ct);
            return;
        }

        using var turn = await entering;
        await ledger.AcceptAsync(delivery, ct);
    }

    private async Task HoldAsync(AppRecord app, long message, JsonObject body, Task<IDisposable> entering, CancellationToken ct)
    {
        HeldCallback callback;
        try
        {
            callback = await held.AddAsync(app.Id, message, body, ct);
        }
        catch
        {
            // Chatwoot hears that it was not taken on; its place in the order must not stay taken.
            _ = LeaveAsync(entering);
            throw;
        }

        _waiting.Add(AdmitAsync(callback, entering));
    }

    private static async Task LeaveAsync(Task<IDisposable> entering)
    {
        await ((Task)entering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (entering.IsCompletedSuccessfully) (await entering).Dispose();
    }

    private async Task AdmitAsync(HeldCallback callback, Task<IDisposable> entering)
    {
        try
        {
            using var turn = await entering;
            while (!await TryAcceptAsync(callback)) await Task.Delay(TryAgainAfter, time, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It is kept: the next run takes it on.
        }
    }

    private async Task<bool> TryAcceptAsync(HeldCallback callback)
    {
        try
        {
            await AcceptAsync(callback);
            return true;
        }
        catch (Exception e)
        {
            logger.HeldCallbackNotTaken(callback.App, e);
            return false;
        }
    }

    /// <summary>What it asks for is found anew: a message may have been mapped, or the app removed, while it waited.</summary>
    private async Task AcceptAsync(HeldCallback callback)
    {
        if (apps.Find(callback.App) is { } app && jobs.DeliveryFor(app, callback.Body) is { } delivery) await ledger.AcceptAsync(delivery, CancellationToken.None);
        await held.RemoveAsync(callback.Id);
    }
}
