using System.Text.Json.Nodes;

namespace Footbridge.Simulator.Chatwoot.State;

/// <summary>The clauses of <c>contacts/filter</c>: chained without parentheses, AND before OR, only the first value of a clause, no order of results.</summary>
internal static class ContactFilter
{
    private static readonly Dictionary<string, string[]> Standard = new(StringComparer.Ordinal)
    {
        ["name"] = ["equal_to", "not_equal_to", "contains", "does_not_contain"],
        ["email"] = ["equal_to", "not_equal_to", "contains", "does_not_contain"],
        ["phone_number"] = ["equal_to", "not_equal_to", "contains", "does_not_contain", "starts_with"],
        ["identifier"] = ["equal_to", "not_equal_to"],
    };

    /// <exception cref="SimRefusal">422 for an unknown key, operator or missing values; 500 for a broken chain, which is broken SQL.</exception>
    public static Func<SimContact, bool> Compile(JsonArray clauses, IReadOnlySet<string> definitions, SimProfile profile)
    {
        if (clauses.Count == 0) return _ => true;
        var groups = new List<List<Func<SimContact, bool>>> { new() };
        for (var i = 0; i < clauses.Count; i++)
        {
            var clause = clauses[i]!.AsObject();
            groups[^1].Add(Test(clause, definitions, profile));
            var chain = clause["query_operator"]?.ToString().ToUpperInvariant() ?? "";
            if (chain is not ("" or "AND" or "OR")) throw new SimRefusal(422, "Query operator must be either \"AND\" or \"OR\".");
            if ((chain.Length == 0) != (i == clauses.Count - 1)) throw new SimRefusal(500, "Internal Server Error");
            if (chain == "OR") groups.Add([]);
        }

        return contact => groups.Any(group => group.All(test => test(contact)));
    }

    private static Func<SimContact, bool> Test(JsonObject clause, IReadOnlySet<string> definitions, SimProfile profile)
    {
        var (key, name) = (clause["attribute_key"]?.ToString() ?? "", clause["filter_operator"]?.ToString() ?? "");
        if (Standard.TryGetValue(key, out var allowed))
        {
            if (!allowed.Contains(name)) throw new SimRefusal(422, $"Invalid operator. The allowed operators for {key} are [{string.Join(',', allowed)}].");
        }
        else if (!definitions.Contains(key))
        {
            throw new SimRefusal(422, $"Invalid attribute key - [{key}]. The key should be one of [{string.Join(',', Standard.Keys)}] or a custom attribute defined in the account.");
        }

        if (name is "is_present" or "is_not_present") return contact => ValueOf(contact, key).Length > 0 == (name == "is_present");
        if (clause["values"] is not JsonArray { Count: > 0 } values) throw new SimRefusal(422, $"Invalid value. The values provided for {key} are invalid");
        var wanted = values[0]!.ToString().ToLowerInvariant();
        if (key == "phone_number" && name is "equal_to" or "not_equal_to") wanted = "+" + (profile.TakesPlusInFilters ? wanted.Replace("+", "", StringComparison.Ordinal) : wanted);
        return name switch
        {
            "equal_to" or "starts_with" => contact => ValueOf(contact, key) == wanted,
            "not_equal_to" => contact => ValueOf(contact, key) != wanted,
            "contains" => contact => ValueOf(contact, key).Contains(wanted, StringComparison.Ordinal),
            "does_not_contain" => contact => !ValueOf(contact, key).Contains(wanted, StringComparison.Ordinal),
            _ => throw new SimRefusal(422, $"Invalid operator. {name} is not known"),
        };
    }

    private static string ValueOf(SimContact contact, string key) => (key switch
    {
        "name" => contact.Name,
        "email" => contact.Email,
        "phone_number" => contact.PhoneNumber,
        "identifier" => contact.Identifier,
        _ => contact.CustomAttributes[key]?.ToString(),
    } ?? "").ToLowerInvariant();
}
