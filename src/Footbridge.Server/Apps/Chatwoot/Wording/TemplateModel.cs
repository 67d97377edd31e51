using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Footbridge.Server.Apps.Chatwoot.Wording;

/// <summary>What templates are given, in the few types that their renderer looks into: dictionaries, JSON objects, lists, texts, numbers and flags.</summary>
internal static class TemplateModel
{
    private static readonly ConcurrentDictionary<Type, (string Name, PropertyInfo Property)[]> Properties = new();

    /// <summary>A boolean that is written as in JSON.</summary>
    internal sealed record Flag(bool Value)
    {
        public override string ToString() => Value ? "true" : "false";
    }

    /// <summary>The value a template sees. Properties of objects begin with a small letter there; what is null is there and empty.</summary>
    public static object Of(object? model) => model switch
    {
        null => "",
        string or int or long or double or decimal => model,
        bool flag => new Flag(flag),
        Enum => model.ToString()!,
        JsonElement element => Of(JsonNode.Parse(element.GetRawText())),
        JsonValue value => Of(value),
        JsonObject => model, // looked into when a template asks: events are large, and templates want little of them
        IDictionary<string, string> texts => texts.ToDictionary(entry => entry.Key, entry => Of(entry.Value), StringComparer.Ordinal),
        IDictionary<string, object?> values => values.ToDictionary(entry => entry.Key, entry => Of(entry.Value), StringComparer.Ordinal),
        IEnumerable items => items.Cast<object?>().Select(Of).ToList(),
        IFormattable other => other.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => PropertiesOf(model.GetType()).ToDictionary(property => property.Name, property => Of(property.Property.GetValue(model)), StringComparer.Ordinal),
    };

    private static object Of(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.True => new Flag(true),
        JsonValueKind.False => new Flag(false),
        JsonValueKind.Number => value.TryGetValue<long>(out var whole) ? whole : value.TryGetValue<int>(out var small) ? (long)small : value.TryGetValue<decimal>(out var exact) ? exact : value.ToString(),
        _ => "",
    };

    private static (string Name, PropertyInfo Property)[] PropertiesOf(Type type) => Properties.GetOrAdd(type, of =>
        [.. of.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0)
            .Select(property => (JsonNamingPolicy.CamelCase.ConvertName(property.Name), property))]);
}
