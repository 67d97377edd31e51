using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>Bodies for finding and creating contacts.</summary>
internal static class ContactRequests
{
    private const int MaxName = 255;

    /// <summary>Any of a person's addresses in any of the places Chatwoot may hold it.</summary>
    public static JsonArray Conditions(Jid? phone, Jid? lid)
    {
        var conditions = new List<(string Key, string Value)>();
        foreach (var id in new[] { phone, lid }.OfType<Jid>().Select(WahaIds.ChatId))
        {
            conditions.Add((ChatwootSetup.ChatIdAttribute, id));
            conditions.Add((ChatwootSetup.JidAttribute, id));
            conditions.Add((ChatwootSetup.LidAttribute, id));
            conditions.Add(("identifier", id));
        }

        if (phone is { } number) conditions.Add(("phone_number", number.User));
        return [.. conditions.Select((c, i) => (JsonNode)new JsonObject
        {
            ["attribute_key"] = c.Key,
            ["filter_operator"] = "equal_to",
            ["values"] = new JsonArray(c.Value),
            ["query_operator"] = i == conditions.Count - 1 ? null : "OR",
        })];
    }

    public static JsonObject Attributes(Jid? phone, Jid? lid)
    {
        var attributes = new JsonObject { [ChatwootSetup.ChatIdAttribute] = WahaIds.ChatId(phone ?? lid!.Value) };
        if (phone is { } number) attributes[ChatwootSetup.JidAttribute] = WahaIds.ChatId(number);
        if (lid is { } hidden) attributes[ChatwootSetup.LidAttribute] = WahaIds.ChatId(hidden);
        return attributes;
    }

    public static JsonObject Create(Jid? phone, Jid? lid, string? name, JsonObject attributes)
    {
        var id = WahaIds.ChatId(phone ?? lid!.Value);
        var contact = new JsonObject { ["name"] = Shorten(name is { Length: > 0 } ? name : phone is { } p ? "+" + p.User : id), ["custom_attributes"] = attributes };
        if (phone is { } number) contact["phone_number"] = "+" + number.User;
        else contact["identifier"] = id;
        return contact;
    }

    /// <summary>A request that makes Chatwoot find a contact it has and add it to the inbox.</summary>
    public static JsonObject Again(JsonObject contact)
    {
        var request = new JsonObject { ["name"] = contact["name"]?.DeepClone() };
        if (contact["identifier"]?.ToString() is { Length: > 0 } identifier) request["identifier"] = identifier;
        if (contact["phone_number"]?.ToString() is { Length: > 0 } phone) request["phone_number"] = phone;
        return request;
    }

    public static JsonObject Merge(JsonObject? old, JsonObject added)
    {
        var merged = old is null ? [] : (JsonObject)old.DeepClone();
        foreach (var (key, value) in added) merged[key] = value?.DeepClone();
        return merged;
    }

    private static string Shorten(string name) => name.Length <= MaxName ? name : name[..MaxName].Trim();
}
