using System.Text.Json;
using Footbridge.Engine.Pairing;
using Footbridge.Engine.Store;
using Footbridge.Protocol;

namespace Footbridge.Engine.Messages;

/// <summary>An outgoing message as it lies in the outbox, from before its bytes leave until it is too old to be asked for.</summary>
/// <param name="To">The chat as the caller gave it.</param>
/// <param name="Content">The message without padding.</param>
/// <param name="AckedAtSeconds">The server's time, once it has acknowledged.</param>
internal sealed record StoredOutgoing(string To, byte[] Content, long CreatedAtMs, long? AckedAtSeconds)
{
    public static async ValueTask<StoredOutgoing?> LoadAsync(IDeviceStore store, string id, CancellationToken ct)
    {
        if (await store.GetAsync(StateKind.Outbox, id, ct) is not { } bytes) return null;
        try
        {
            return JsonSerializer.Deserialize(bytes, EngineJson.Default.StoredOutgoing);
        }
        catch (JsonException e)
        {
            throw new ProtocolException("an outbox entry cannot be read", e);
        }
    }

    public void Save(string id, StoreBatch batch) => batch.Put(StateKind.Outbox, id, JsonSerializer.SerializeToUtf8Bytes(this, EngineJson.Default.StoredOutgoing));
}
