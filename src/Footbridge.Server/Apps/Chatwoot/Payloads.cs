using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.Scheduled;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>A WhatsApp event on its way to Chatwoot.</summary>
internal sealed record EventData(string App, PublicEvent Event)
{
    /// <summary>It has waited for what may follow it.</summary>
    public bool HasWaited { get; init; }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, PayloadJson.Default.EventData);

    public static EventData Read(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, PayloadJson.Default.EventData)!;
}

/// <summary>A Chatwoot callback on its way to WhatsApp; the body is as Chatwoot sent it.</summary>
internal sealed record InboxData(string App, string Session, JsonObject Body)
{
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, PayloadJson.Default.InboxData);

    public static InboxData Read(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, PayloadJson.Default.InboxData)!;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventData))]
[JsonSerializable(typeof(InboxData))]
[JsonSerializable(typeof(NoteData))]
[JsonSerializable(typeof(PictureData))]
[JsonSerializable(typeof(ScheduledData))]
internal sealed partial class PayloadJson : JsonSerializerContext;
