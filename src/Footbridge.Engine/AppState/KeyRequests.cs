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
internal sealed class KeyRequests(AccountContext context) : IDeviceMessageHandler
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromHours(24);

    /// <summary>What to do when keys have come, once they are stored.</summary>
    public Action Arrived { get; set; } = () => { };

    /// <summary>Asks for one key, at most once in 24 hours.</summary>
    /// <exception cref="NotOnlineException">There is no connection.</exception>
    /// <exception cref="SendFailedException">The phone cannot be reached.</exception>
    public async Task AskAsync(byte[] keyId, CancellationToken ct)
    {
        var key = Convert.ToHexString(keyId);
        var now = context.Time.GetUtcNow();
        if (await AskedAtAsync(key, ct) is { } asked && now - asked < AskAgainAfter) return;
        var request = new ProtocolMessage { Type = ProtocolMessage.Types.Type.AppStateSyncKeyRequest, AppStateSyncKeyRequest = new() };
        request.AppStateSyncKeyRequest.KeyIds.Add(new Protocol.Generated.Message.Types.AppStateSyncKeyId { KeyId = ByteString.CopyFrom(keyId) });
        await context.Peers.SendAsync(request, PeerPriority.High, ct);
        await context.ChangeAsync((batch, _) =>
        {
            batch.Put(StateKind.AppStateKeyRequest, key, Encoding.ASCII.GetBytes(now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
            return ValueTask.CompletedTask;
        }, ct);
    }

    public ValueTask<Action?> TakeAsync(MessageSource source, ProtocolMessage message, StoreBatch batch, CancellationToken ct)
    {
        if (!DeviceMessages.IsFromPhone(source)) return default;
        var known = message.AppStateSyncKeyShare?.Keys.Where(key => key.KeyData is { HasKeyData: true }).ToList() ?? [];
        foreach (var key in known) Keyring.Put(key, batch);
        return new(known.Count == 0 ? null : Arrived);
    }

    private async ValueTask<DateTimeOffset?> AskedAtAsync(string key, CancellationToken ct) =>
        await context.Store.GetAsync(StateKind.AppStateKeyRequest, key, ct) is { } stored && long.TryParse(Encoding.ASCII.GetString(stored), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
