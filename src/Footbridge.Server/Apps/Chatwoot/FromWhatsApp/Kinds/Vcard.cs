namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp.Kinds;

/// <summary>What agents want to know of a contact card. Source: RFC 6350; WhatsApp's own <c>waid</c> parameter gives the number of an account.</summary>
/// <param name="WhatsAppNumbers">Digits.</param>
internal sealed record Vcard(string FullName, IReadOnlyList<string> PhoneNumbers, IReadOnlyList<string> WhatsAppNumbers)
{
    private const string Account = "waid=";

    public static Vcard Parse(string card)
    {
        var (name, phones, accounts) = ("", new List<string>(), new List<string>());
        // A line that begins with a blank goes on with the one before.
        foreach (var line in card.ReplaceLineEndings("\n").Replace("\n ", "", StringComparison.Ordinal).Replace("\n\t", "", StringComparison.Ordinal).Split('\n'))
        {
            if (line.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var colon)) continue;
            var (parameters, value) = (line[..colon].Split(';'), Plain(line[(colon + 1)..]));
            // Apple's cards number their fields: item1.TEL
            var field = parameters[0][(parameters[0].LastIndexOf('.') + 1)..].ToUpperInvariant();
            if (field == "FN") name = value;
            if (field != "TEL" || value.Length == 0) continue;
            phones.Add(value.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) ? value[4..] : value);
            if (parameters.FirstOrDefault(one => one.StartsWith(Account, StringComparison.OrdinalIgnoreCase)) is { } account && account.AsSpan(Account.Length).ContainsAnyExceptInRange('0', '9') is false) accounts.Add(account[Account.Length..]);
        }

        return new(name, phones, accounts);
    }

    private static string Plain(string value) => value.Replace("\\n", " ", StringComparison.OrdinalIgnoreCase).Replace("\\", "", StringComparison.Ordinal).Trim();
}
