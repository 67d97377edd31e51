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

        // Without the plus sign, which every version of Chatwoot adds itself.
        if (phone is { } number) conditions.AddRange(new[] { number.User, E164(number)[1..] }.Distinct().Select(digits => ("phone_number", digits)));
        var clauses = conditions.Select(c => new JsonObject { ["attribute_key"] = c.Key, ["filter_operator"] = "equal_to", ["values"] = new JsonArray(c.Value) }).ToList();
        // Each but the last: an operator without a next clause is broken SQL there.
        foreach (var clause in clauses.SkipLast(1)) clause["query_operator"] = "OR";
        return [.. clauses];
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
        // A source id of our own choosing: Chatwoot would make up another at every call.
        var contact = new JsonObject { ["source_id"] = id, ["name"] = Shorten(name is { Length: > 0 } ? name : phone is { } p ? "+" + p.User : id), ["custom_attributes"] = attributes };
        if (phone is { } number) contact["phone_number"] = E164(number);
        else contact["identifier"] = id;
        return contact;
    }

    /// <summary>A number as people dial it. WhatsApp keeps Brazilian mobile numbers of before 2016 without their ninth digit.</summary>
    public static string E164(Jid phone) =>
        phone.User is ['5', '5', _, _, >= '6' and <= '9', ..] and { Length: 12 } ? $"+{phone.User[..4]}9{phone.User[4..]}" : "+" + phone.User;

    /// <summary>Whether a contact lacks what we know; what others keep there does not count.</summary>
    public static bool Differ(JsonObject? there, JsonObject ours) => ours.Any(pair => there?[pair.Key]?.ToString() != pair.Value?.ToString());

    public static JsonObject Merge(JsonObject? old, JsonObject added)
    {
        var merged = old is null ? [] : (JsonObject)old.DeepClone();
        foreach (var (key, value) in added) merged[key] = value?.DeepClone();
        return merged;
    }

    private static string Shorten(string name) => name.Length <= MaxName ? name : name[..MaxName].Trim();
}
