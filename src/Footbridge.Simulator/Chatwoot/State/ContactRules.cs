using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Footbridge.Simulator.Chatwoot.State;

/// <summary>What Chatwoot demands of a contact when it is written.</summary>
internal static partial class ContactRules
{
    private const int MaxLength = 255;

    /// <summary>Writes the fields that a request carries. Attributes are merged key by key, other fields replaced.</summary>
    /// <exception cref="SimRefusal">A value is not valid or belongs to another contact; nothing was written.</exception>
    public static void Write(SimContact contact, JsonObject changes, IEnumerable<SimContact> all)
    {
        var others = all.Where(other => other.Id != contact.Id).ToList();
        var (name, phone) = (TextOf(changes, "name"), TextOf(changes, "phone_number"));
        var (identifier, email) = (TextOf(changes, "identifier"), TextOf(changes, "email")?.ToLowerInvariant());
        if (name?.Length > MaxLength) throw SimRefusal.Invalid("Name is too long (maximum is 255 characters)", "name");
        if (phone is { Length: > 0 } && !Phone().IsMatch(phone)) throw SimRefusal.Invalid("Phone number should be in e164 format", "phone_number");
        if (phone is { Length: > 0 } && others.Exists(c => c.PhoneNumber == phone)) throw SimRefusal.Invalid("Phone number has already been taken", "phone_number");
        if (identifier?.Length > MaxLength) throw SimRefusal.Invalid("Identifier is too long (maximum is 255 characters)", "identifier");
        if (identifier is { Length: > 0 } && others.Exists(c => c.Identifier == identifier)) throw SimRefusal.Invalid("Identifier has already been taken", "identifier");
        if (email is { Length: > 0 } && others.Exists(c => c.Email == email)) throw SimRefusal.Invalid("Email has already been taken", "email");
        if (name is not null) contact.Name = name;
        if (changes.ContainsKey("phone_number")) contact.PhoneNumber = phone is { Length: > 0 } ? phone : null;
        if (changes.ContainsKey("identifier")) contact.Identifier = identifier is { Length: > 0 } ? identifier : null;
        if (changes.ContainsKey("email")) contact.Email = email is { Length: > 0 } ? email : null;
        if (changes["blocked"] is JsonValue blocked) contact.IsBlocked = blocked.ToString() == "true";
        foreach (var (key, value) in changes["custom_attributes"] as JsonObject ?? []) contact.CustomAttributes[key] = value?.DeepClone();
    }

    private static string? TextOf(JsonObject changes, string name) => changes[name]?.ToString();

    // Not held to the start of the text, as in the original.
    [GeneratedRegex(@"\+[1-9]\d{1,14}\z")]
    private static partial Regex Phone();
}
