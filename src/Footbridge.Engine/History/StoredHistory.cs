using System.Text.Json;
using System.Text.Json.Serialization;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Google.Protobuf;
using Notification = Footbridge.Protocol.Generated.Message.Types.HistorySyncNotification;

namespace Footbridge.Engine.History;

/// <summary>An announced part of the history that has not been taken in as a whole.</summary>
/// <param name="Done">Slices that have been committed; after a crash work goes on behind them.</param>
/// <param name="Failures">Tries so far that ended in an error which may pass.</param>
internal sealed record StoredHistory(byte[] Notification, long TimeSeconds, int Done = 0, int Failures = 0)
{
    public static StoredHistory Of(Notification notification, DateTimeOffset time) => new(notification.ToByteArray(), time.ToUnixTimeSeconds());

    /// <exception cref="ProtocolException">The stored bytes are no notification.</exception>
    public Notification Parse() => Protobuf.Parse(Protocol.Generated.Message.Types.HistorySyncNotification.Parser, Notification);

    public static ValueTask<StoredHistory?> LoadAsync(IDeviceStore store, string id, CancellationToken ct) =>
        StoredJson.LoadAsync(store, StateKind.PendingHistory, id, HistoryJson.Default.StoredHistory, "a stored history notification", ct);

    public void Save(string id, StoreBatch batch) => batch.Put(StateKind.PendingHistory, id, JsonSerializer.SerializeToUtf8Bytes(this, HistoryJson.Default.StoredHistory));
}

[JsonSerializable(typeof(StoredHistory))]
internal sealed partial class HistoryJson : JsonSerializerContext;
