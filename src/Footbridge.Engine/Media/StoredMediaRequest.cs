using System.Security.Cryptography;
using System.Text.Json;
using Footbridge.Engine.Store;
using Footbridge.Protocol;

namespace Footbridge.Engine.Media;

/// <summary>That a phone was asked for a file, by message id: no second request too early, and a late answer can still be read.</summary>
/// <param name="DirectPath">Where the phone has put it since.</param>
internal sealed record StoredMediaRequest(long AskedAtMs, byte[] MediaKey, string? DirectPath)
{
    public static async ValueTask<StoredMediaRequest?> LoadAsync(IDeviceStore store, string messageId, CancellationToken ct) =>
        await store.GetAsync(StateKind.MediaRequest, messageId, ct) is { } bytes ? Parse(bytes) : null;

    /// <exception cref="ProtocolException">The stored bytes are no such record.</exception>
    public static StoredMediaRequest Parse(byte[] bytes) => StoredJson.Parse(bytes, MediaJson.Default.StoredMediaRequest, "a stored media request");

    /// <summary>Message ids are chosen by senders: only the key says that it is the same file.</summary>
    public bool IsOf(byte[] mediaKey) => CryptographicOperations.FixedTimeEquals(MediaKey, mediaKey);

    public void Save(string messageId, StoreBatch batch) => batch.Put(StateKind.MediaRequest, messageId, JsonSerializer.SerializeToUtf8Bytes(this, MediaJson.Default.StoredMediaRequest));
}
