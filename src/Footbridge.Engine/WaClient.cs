using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Microsoft.Extensions.Logging;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine;

/// <summary>One WhatsApp account as a linked device: the engine's public face.</summary>
/// <remarks>
/// Durable events go through <see cref="IDeviceStore.CommitAsync"/>; connection changes through the callback given at
/// construction, one at a time. All members may be called from any thread; the account's own loop does the work.
/// </remarks>
public sealed class WaClient : IAsyncDisposable
{
    public WaClient(WaClientOptions options, IDeviceStore store, Action<ConnectionState> stateChanged, TimeProvider time, ILogger logger)
    {
        _ = (options, store, stateChanged, time, logger);
    }

    public ConnectionState State { get; } = new ConnectionState.Stopped();

    /// <summary>Connects, and keeps connecting until stopped. Pairs by QR when the store has no credentials.</summary>
    public Task StartAsync(CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Closes the connection; credentials stay.</summary>
    public Task StopAsync(CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Removes this device from the account, and its state from the store, also when the server cannot be told.</summary>
    public Task LogoutAsync(CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Sends a text to all devices of both sides and returns when WhatsApp's server has acknowledged it.</summary>
    /// <exception cref="NotOnlineException">The account is not online; nothing has been sent, or the connection broke before the answer.</exception>
    /// <exception cref="SendFailedException">WhatsApp refused it.</exception>
    public Task<SentMessage> SendTextAsync(OutgoingText text, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Tells the senders that messages of a chat were read.</summary>
    public Task MarkReadAsync(Jid chat, IReadOnlyList<string> messageIds, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>The other address of a person (phone for a LID, LID for a phone), from the store; null when not known.</summary>
    public ValueTask<Jid?> FindTwinAsync(Jid user, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Asks WhatsApp whether a phone number (digits) has an account; null when it has none.</summary>
    public Task<Events.Party?> FindAccountAsync(string phoneDigits, CancellationToken ct) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
