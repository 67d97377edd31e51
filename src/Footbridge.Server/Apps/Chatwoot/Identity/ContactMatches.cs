using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>What a found contact is to a person.</summary>
internal enum ContactMatch
{
    /// <summary>It carries one of the person's ids.</summary>
    Certain,

    /// <summary>Its number could be the person's, written in another way: WhatsApp decides.</summary>
    Proposed,

    /// <summary>It has an id that says that it is somebody else, such as the former owner of the number.</summary>
    Other,
}

/// <summary>Compares contacts with a person.</summary>
internal static class ContactMatches
{
    public static ContactMatch Compare(KnownPerson person, JsonObject contact)
    {
        var ids = IdsOf(contact).ToHashSet(StringComparer.Ordinal);
        var hidden = ids.Where(id => id.EndsWith("@lid", StringComparison.Ordinal)).ToList();
        if (person.Lid is { } lid && hidden.Count > 0 && !hidden.Contains(WahaIds.ChatId(lid), StringComparer.Ordinal)) return ContactMatch.Other;
        if (person.Ids.Any(ids.Contains)) return ContactMatch.Certain;
        return ProposedDigits(person).Any(digits => ids.Contains($"{digits}@{JidServer.Legacy}")) ? ContactMatch.Proposed : ContactMatch.Other;
    }

    /// <summary>The person's number in the other forms it may be written in.</summary>
    public static IEnumerable<string> ProposedDigits(KnownPerson person) => person.Phone is { } phone ? NumberForms.Of(phone.User) : [];

    /// <summary>The form in which a contact has the number.</summary>
    public static string DigitsIn(KnownPerson person, JsonObject contact)
    {
        var ids = IdsOf(contact).ToHashSet(StringComparer.Ordinal);
        return ProposedDigits(person).First(digits => ids.Contains($"{digits}@{JidServer.Legacy}"));
    }

    public static string? PhoneOf(JsonObject contact) => contact["phone_number"]?.ToString() is { Length: > 0 } phone ? phone : null;

    private static IEnumerable<string> IdsOf(JsonObject contact)
    {
        var attributes = contact["custom_attributes"] as JsonObject;
        var written = new[] { ChatwootSetup.ChatIdAttribute, ChatwootSetup.JidAttribute, ChatwootSetup.LidAttribute }.Select(key => attributes?[key]?.ToString()).Append(contact["identifier"]?.ToString());
        foreach (var text in written) if (text is { Length: > 0 } && WahaIds.ParseChatId(text) is { IsUser: true } jid) yield return WahaIds.ChatId(jid);
        if (PhoneOf(contact) is { } phone) yield return $"{string.Concat(phone.Where(char.IsAsciiDigit))}@{JidServer.Legacy}";
    }
}
