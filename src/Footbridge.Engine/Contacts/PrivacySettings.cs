using Footbridge.Engine.Connection;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Contacts;

/// <summary>Who may see and do what with this account. Source: docs/protocol/contacts.md.</summary>
public sealed class PrivacySettings
{
    /// <summary>The categories and their values. WhatsApp may answer with others, which are passed on.</summary>
    private static readonly Dictionary<string, string[]> Values = new(StringComparer.Ordinal)
    {
        ["last"] = ["all", "contacts", "contact_blacklist", "none"],
        ["profile"] = ["all", "contacts", "contact_blacklist", "none"],
        ["status"] = ["all", "contacts", "contact_blacklist", "none"],
        ["online"] = ["all", "match_last_seen"],
        ["readreceipts"] = ["all", "none"],
        ["groupadd"] = ["all", "contacts", "contact_blacklist"],
        ["calladd"] = ["all", "known"],
        ["messages"] = ["all", "contacts"],
        ["defense"] = ["off", "on_standard"],
        ["stickers"] = ["all", "contacts", "contact_blacklist", "none"],
    };

    // Changes are told; a day is for those that were not.
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);
    private readonly AccountContext _context;
    private volatile Known? _known;

    internal PrivacySettings(AccountContext context) => _context = context;

    /// <summary>The value of each category, by name.</summary>
    /// <exception cref="QueryFailedException">WhatsApp refuses.</exception>
    public async Task<IReadOnlyDictionary<string, string>> GetAsync(CancellationToken ct)
    {
        if (_known is { } known && _context.Time.GetElapsedTime(known.At) < MaxAge) return known.Values;
        var values = Read(await _context.QueryAsync(Iq.Get("privacy", Node.Of("privacy")), ct));
        _known = new(values, _context.Time.GetTimestamp());
        return values;
    }

    /// <exception cref="ArgumentException">There is no such category or value.</exception>
    /// <exception cref="QueryFailedException">WhatsApp refuses.</exception>
    public async Task SetAsync(string name, string value, CancellationToken ct)
    {
        if (!Values.TryGetValue(name, out var values)) throw new ArgumentException($"there is no privacy setting '{name}'");
        if (!values.Contains(value, StringComparer.Ordinal)) throw new ArgumentException($"'{name}' can be {string.Join(", ", values)}");
        var category = Node.Of("category", [("name", name), ("value", value)]);
        await _context.QueryAsync(Iq.Set("privacy", Node.Of("privacy", category)), ct);
        _known = null;
    }

    /// <summary>How long messages live in chats that others or this account begin; zero: for ever.</summary>
    /// <exception cref="QueryFailedException">WhatsApp refuses: it takes 0, 1, 7 and 90 days.</exception>
    public Task SetDefaultDisappearingAsync(TimeSpan duration, CancellationToken ct) => _context.QueryAsync(
        Iq.Set("disappearing_mode",
            Node.Of("disappearing_mode", [("duration", (long)duration.TotalSeconds)])), ct);

    internal void Forget() => _known = null;

    private static Dictionary<string, string> Read(Node answer)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var category in answer.Child("privacy")?.ChildrenOf("category") ?? [])
        {
            if (category["name"] is { } name && category["value"] is { } value) read[name] = value;
        }

        return read;
    }

    private sealed record Known(IReadOnlyDictionary<string, string> Values, long At);
}
