using System.Text.Json;
using Footbridge.Engine.Pairing;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Google.Protobuf;

namespace Footbridge.Engine.Messages;

/// <summary>An outgoing message as it lies in the outbox, from before its bytes leave until it is too old to be asked for.</summary>
/// <param name="To">The chat as the caller gave it.</param>
/// <param name="Content">The message without padding.</param>
/// <param name="AckedAtSeconds">The server's time, once it has acknowledged.</param>
/// <param name="Tag">Its caller's mark.</param>
/// <param name="MediaHandle">Of messages with a file to channels.</param>
internal sealed record StoredOutgoing(string To, byte[] Content, long CreatedAtMs, long? AckedAtSeconds, string? Tag = null, string? MediaHandle = null)
{
    public static ValueTask<StoredOutgoing?> LoadAsync(IDeviceStore store, string id, CancellationToken ct) =>
        StoredJson.LoadAsync(store, StateKind.Outbox, id, EngineJson.Default.StoredOutgoing, "an outbox entry", ct);

    /// <summary>Puts a message that is about to leave into the outbox, as not acknowledged.</summary>
    public static void Put(OutgoingMessage message, DateTimeOffset now, StoreBatch batch)
    {
        new StoredOutgoing(message.To.ToString(), message.Content.ToByteArray(), now.ToUnixTimeMilliseconds(), null, message.Tag, message.MediaHandle).Save(message.Id, batch);
        batch.Put(StateKind.Unacknowledged, message.Id, []);
    }

    public void Save(string id, StoreBatch batch) => batch.Put(StateKind.Outbox, id, JsonSerializer.SerializeToUtf8Bytes(this, EngineJson.Default.StoredOutgoing));
}
