using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Footbridge.Protocol;

namespace Footbridge.Engine.Store;

/// <summary>Reads state that is kept as JSON.</summary>
internal static class StoredJson
{
    /// <param name="what">What it is, as in "<c>a stored device list</c> cannot be read".</param>
    /// <exception cref="ProtocolException">The bytes are no such object.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> type, string what) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new ProtocolException($"{what} is empty");
        }
        catch (JsonException e)
        {
            throw new ProtocolException($"{what} cannot be read", e);
        }
    }

    /// <summary>The object under a key, or null when there is none.</summary>
    /// <inheritdoc cref="Parse"/>
    public static async ValueTask<T?> LoadAsync<T>(IDeviceStore store, StateKind kind, string key, JsonTypeInfo<T> type, string what, CancellationToken ct) where T : class =>
        await store.GetAsync(kind, key, ct) is { } bytes ? Parse(bytes, type, what) : null;
}
