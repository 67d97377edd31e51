using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Google.Protobuf;
using ProtocolMessage = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage;

namespace Footbridge.Engine.AppState;

/// <summary>Asks the phone for keys of the app state, and takes in those it shares.</summary>
/// <remarks>
/// Keys come from the phone alone: another linked device could plant one. For the same reason this device gives none away when another asks:
/// the phone answers it. Source: docs/protocol/app-state.md.
/// </remarks>
internal sealed class KeyRequests(AccountContext context, PeerMessages peers) : IPeerHandler
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromHours(24);
    private readonly TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Keys that are just being asked for: two collections may miss the same one at the same moment.</summary>
    private readonly ConcurrentDictionary<string, bool> _asking = new(StringComparer.Ordinal);

    /// <summary>What to do when keys have come, inside the loop: they are about to be committed.</summary>
    public Action Arrived { get; set; } = () => { };

    /// <summary>Waits until the phone has shared keys in this run, or patience is over; says which.</summary>
    public async Task<bool> FirstCameAsync(CancellationToken ct)
    {
        try
        {
            await _came.Task.WaitAsync(context.Options.FirstKeysPatience, context.Time, ct);
        }
        catch (TimeoutException)
        {
            return false;
        }

        // They came in a stanza whose commit may be under way.
        await context.Loop.RunAsync(_ => ValueTask.FromResult(true), ct);
        await context.Commits.DrainAsync();
        return true;
    }

    /// <summary>Asks for one key, at most once in 24 hours.</summary>
    /// <exception cref="NotOnlineException">There is no connection.</exception>
    /// <exception cref="SendFailedException">The phone cannot be reached.</exception>
    public async Task AskAsync(byte[] keyId, CancellationToken ct)
    {
        var key = Convert.ToHexString(keyId);
        if (!_asking.TryAdd(key, true)) return;
        try
        {
            await AskOnceAsync(keyId, key, ct);
        }
        finally
        {
            _asking.TryRemove(key, out _);
        }
    }

    public ValueTask<bool> HandleAsync(ProtocolMessage message, MessageSource source, StoreBatch batch, CancellationToken ct)
    {
        if (message.AppStateSyncKeyShare is not { } share) return new(false);
        var known = source.Device.Device == 0 ? share.Keys.Where(key => key.KeyData is { HasKeyData: true }).ToList() : [];
        foreach (var key in known) Keyring.Put(key, batch);
        if (known.Count > 0)
        {
            _came.TrySetResult();
            Arrived();
        }

        return new(true);
    }

    private async Task AskOnceAsync(byte[] keyId, string key, CancellationToken ct)
    {
        var now = context.Time.GetUtcNow();
        if (await AskedAtAsync(key, ct) is { } asked && now - asked < AskAgainAfter) return;
        var request = new ProtocolMessage { Type = ProtocolMessage.Types.Type.AppStateSyncKeyRequest, AppStateSyncKeyRequest = new() };
        request.AppStateSyncKeyRequest.KeyIds.Add(new Protocol.Generated.Message.Types.AppStateSyncKeyId { KeyId = ByteString.CopyFrom(keyId) });
        await peers.SendAsync(request, new("high"), ct);
        await context.ChangeAsync((batch, _) =>
        {
            batch.Put(StateKind.AppStateKeyRequest, key, Encoding.ASCII.GetBytes(now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
            return ValueTask.CompletedTask;
        }, ct);
    }

    private async ValueTask<DateTimeOffset?> AskedAtAsync(string key, CancellationToken ct) =>
        await context.Store.GetAsync(StateKind.AppStateKeyRequest, key, ct) is { } stored && long.TryParse(Encoding.ASCII.GetString(stored), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
