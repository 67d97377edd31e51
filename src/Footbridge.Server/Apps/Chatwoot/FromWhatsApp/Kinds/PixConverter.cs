using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp.Kinds;

/// <summary>A PIX code to pay by, below the message's own text.</summary>
internal sealed class PixConverter(MessageText texts) : IMessageConverter
{
    private const string StaticCode = "pix_static_code";

    public async ValueTask<ChatEntry?> ConvertAsync(Inbound message, CancellationToken ct)
    {
        var button = message.Content.InteractiveMessage?.NativeFlowMessage?.Buttons.FirstOrDefault(one => one.Name == "payment_info");
        if (button is null || Parse(button.ButtonParamsJson) is not { } info) return null;
        if ((info["payment_settings"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(one => one["type"]?.ToString() == StaticCode)?[StaticCode] is not JsonObject code) return null;
        var (currency, total) = (info["currency"]?.ToString(), info["total_amount"]);
        var (value, offset) = (Number(total?["value"]), Number(total?["offset"]) ?? 1);
        var pixData = new
        {
            merchantName = code["merchant_name"]?.ToString(),
            key = code["key"]?.ToString(),
            keyType = code["key_type"]?.ToString(),
            currency,
            totalAmount = value ?? 0,
            totalAmountFormatted = message.Words.Money(value, offset, currency),
            referenceId = info["reference_id"]?.ToString(),
        };
        var pix = WhatsAppToMarkdown.Apply(message.Words.Say(Key.FromWhatsAppPix, new { payload = message.Payload, message = message.Raw, pixData }));
        return new ChatEntry(await texts.OfAsync(message, ct) is { } text ? $"{text}\n\n{pix}" : pix);
    }

    private static decimal? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<decimal>(out var number) ? number : null;

    /// <summary>Null for what is no object: a stranger wrote it.</summary>
    internal static JsonObject? Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
