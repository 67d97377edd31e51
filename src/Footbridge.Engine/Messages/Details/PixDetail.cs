using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Protocol.Generated;

namespace Footbridge.Engine.Messages.Details;

/// <summary>A request to pay by PIX to a fixed key.</summary>
/// <param name="Key">The key itself: a number, an address, or random.</param>
/// <param name="KeyType">Such as <c>CPF</c>, <c>CNPJ</c>, <c>PHONE</c>, <c>EMAIL</c> or <c>EVP</c>.</param>
/// <param name="Total">Null, or 0, when the payer chooses.</param>
public sealed record PixDetail(string? MerchantName, string? Key, string? KeyType, MoneyAmount? Total, string? ReferenceId) : MessageDetail
{
    private const string Button = "payment_info";
    private const string Setting = "pix_static_code";
    private const int MaxJsonLength = 64 * 1024;

    internal static PixDetail? Of(Message content)
    {
        foreach (var button in content.InteractiveMessage?.NativeFlowMessage?.Buttons ?? [])
        {
            if (button.Name == Button && Parse(button.ButtonParamsJson) is { } pix) return pix;
        }

        return null;
    }

    private static PixDetail? Parse(string json)
    {
        if (Read(json) is not { } parameters || (parameters["payment_settings"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(s => Text(s["type"]) == Setting)?[Setting] is not JsonObject code) return null;
        return new(Text(code["merchant_name"]), Text(code["key"]), Text(code["key_type"]), TotalOf(parameters), Text(parameters["reference_id"]));
    }

    /// <summary>What buttons carry is written by whoever sends them.</summary>
    private static JsonObject? Read(string json)
    {
        if (json.Length > MaxJsonLength) return null;
        try
        {
            return JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static MoneyAmount? TotalOf(JsonObject parameters)
    {
        if (parameters["total_amount"] is not JsonObject total || Number(total["value"]) is not { } value) return null;
        return new(value / (Number(total["offset"]) is > 0 and var offset ? offset : 1), Text(parameters["currency"]));
    }

    private static decimal? Number(JsonNode? node) =>
        decimal.TryParse(node is JsonValue value ? value.ToString() : null, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Text(JsonNode? node) => node is JsonValue value ? Texts.Filled(value.ToString()) : null;
}
