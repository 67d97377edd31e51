using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>Bodies for finding, creating and changing contacts.</summary>
internal static class ContactRequests
{
    private const int MaxName = 255;

    /// <summary>Any of a person's addresses in any of the places Chatwoot may hold it, and the other forms of the number.</summary>
    public static JsonArray Conditions(KnownPerson person)
    {
        var proposed = ContactMatches.ProposedDigits(person).ToList();
        var conditions = new List<(string Key, string Value)>();
        foreach (var id in person.Ids.Concat(proposed.Select(digits => $"{digits}@{JidServer.Legacy}")))
        {
            conditions.Add((ChatwootSetup.ChatIdAttribute, id));
            conditions.Add((ChatwootSetup.JidAttribute, id));
            conditions.Add((ChatwootSetup.LidAttribute, id));
            conditions.Add(("identifier", id));
        }

        // Without the plus sign, which every version of Chatwoot adds itself.
        var numbers = new[] { person.Phone }.OfType<Jid>().Concat(person.FormerPhones).Select(jid => jid.User).Concat(proposed);
        conditions.AddRange(numbers.Distinct().Select(digits => ("phone_number", digits)));
        return Either(conditions);
    }

    /// <summary>What is no person is known by its id alone.</summary>
    public static JsonArray Conditions(string chatId) => Either([(ChatwootSetup.ChatIdAttribute, chatId), ("identifier", chatId)]);

    public static JsonObject Attributes(Jid? phone, Jid? lid)
    {
        var attributes = new JsonObject { [ChatwootSetup.ChatIdAttribute] = WahaIds.ChatId(phone ?? lid!.Value) };
        if (phone is { } number) attributes[ChatwootSetup.JidAttribute] = WahaIds.ChatId(number);
        if (lid is { } hidden) attributes[ChatwootSetup.LidAttribute] = WahaIds.ChatId(hidden);
        return attributes;
    }

    /// <param name="taken">Numbers, with their plus sign, that other contacts have: Chatwoot would take one of those for this person.</param>
    public static JsonObject Create(KnownPerson person, string? name, IReadOnlySet<string> taken)
    {
        // A source id of our own choosing: Chatwoot would make up another at every call. A number that was somebody else's has been used for one.
        var number = person.Phone is { } phone ? new[] { E164(phone), "+" + phone.User }.FirstOrDefault(form => !taken.Contains(form)) : null;
        var id = WahaIds.ChatId(number is null && person.Lid is { } lid ? lid : person.Address);
        var contact = new JsonObject
        {
            ["source_id"] = id,
            ["name"] = Shorten(name is { Length: > 0 } ? name : RawName(person.Phone, person.Lid)),
            ["custom_attributes"] = Attributes(person.Phone, person.Lid),
        };
        if (number is not null) contact["phone_number"] = number;
        else contact["identifier"] = id;
        return contact;
    }

    /// <summary>A group, channel, list or status feed.</summary>
    public static JsonObject CreateChat(string chatId, string name) => new()
    {
        ["source_id"] = chatId,
        ["identifier"] = chatId,
        ["name"] = Shorten(name),
        ["custom_attributes"] = new JsonObject { [ChatwootSetup.ChatIdAttribute] = chatId },
    };

    /// <summary>What a contact has to be told of its person, and the name it then has if that is ours.</summary>
    /// <param name="place">What it was told before; null for a contact that was just found.</param>
    public static (JsonObject Changes, string? Name) News(JsonObject contact, KnownPerson person, Place? place, string? name)
    {
        var changes = new JsonObject();
        var attributes = Attributes(person.Phone, person.Lid);
        var there = contact["custom_attributes"] as JsonObject;
        if (Differ(there, attributes)) changes["custom_attributes"] = Merge(there, attributes);
        // A number that an agent wrote stays; one that was written from here, and is not the person's any more, does not.
        var (number, former) = (ContactMatches.PhoneOf(contact), KnownPerson.JidOf(place?.Target));
        var isFormer = person.FormerPhones.Append(former ?? default).Any(old => old.IsPhone && old != person.Phone && (number == E164(old) || number == "+" + old.User));
        if (person.Phone is { } phone && (number is null || isFormer)) changes["phone_number"] = E164(phone);
        var shown = contact["name"]?.ToString() ?? "";
        var isOurs = shown.Length == 0 || shown == place?.Name || shown == RawName(person.Phone, person.Lid) || (person.Lid is { } lid && shown == RawName(null, lid));
        if (!isOurs) return (changes, null);
        var wanted = Shorten(name is { Length: > 0 } ? name : place?.Name is { Length: > 0 } before && before != RawName(null, person.Lid) ? before : RawName(person.Phone, person.Lid));
        if (wanted != shown) changes["name"] = wanted;
        return (changes, wanted);
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

    /// <summary>What somebody is called who has not said.</summary>
    private static string? RawName(Jid? phone, Jid? lid) => phone is { } number ? "+" + number.User : lid is { } hidden ? WahaIds.ChatId(hidden) : null;

    private static JsonArray Either(List<(string Key, string Value)> conditions)
    {
        var clauses = conditions.Select(c => new JsonObject { ["attribute_key"] = c.Key, ["filter_operator"] = "equal_to", ["values"] = new JsonArray(c.Value) }).ToList();
        // Each but the last: an operator without a next clause is broken SQL there.
        foreach (var clause in clauses.SkipLast(1)) clause["query_operator"] = "OR";
        return [.. clauses];
    }

    /// <summary>Within Chatwoot's limit, never through the middle of a character.</summary>
    internal static string Shorten(string? name)
    {
        if (name is null || name.Length <= MaxName) return name ?? "";
        return (char.IsHighSurrogate(name[MaxName - 1]) ? name[..(MaxName - 1)] : name[..MaxName]).Trim();
    }
}
