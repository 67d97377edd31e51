using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>A contact that could be meant, as an agent finds it.</summary>
internal sealed record Candidate(string Name, string Url);

/// <summary>A chat that could belong to more than one contact; nothing is written until a person decides.</summary>
internal sealed class AmbiguousContactException(string chat, IReadOnlyList<Candidate> contacts) : PermanentJobException("more than one contact could be meant")
{
    public string Chat => chat;

    public IReadOnlyList<Candidate> Contacts => contacts;
}

/// <summary>Finds the one contact of a person, or makes it.</summary>
internal sealed class ContactFinder(PersonFinder people)
{
    /// <param name="name">What the person calls themselves; null when nobody said.</param>
    /// <returns>The contact, its source id in the inbox, and its name if that is ours to change.</returns>
    /// <exception cref="AmbiguousContactException">Several contacts could be meant; neither was touched.</exception>
    public async Task<(long Id, string SourceId, string? Name)> FindOrCreateAsync(ChatwootContext context, KnownPerson person, string? name, CancellationToken ct)
    {
        var (found, taken) = await FindAsync(context, person, ct);
        if (found is not null) return await AdoptAsync(context, person, found, name, ct);
        var contact = ContactRequests.Create(person, name, taken);
        var (id, source) = await context.Client.CreateContactAsync(contact, ct);
        return (id, source, contact["name"]!.ToString());
    }

    /// <returns>The contact, or null, and numbers that others have.</returns>
    /// <exception cref="AmbiguousContactException">Several contacts could be meant.</exception>
    public async Task<(JsonObject? Contact, IReadOnlySet<string> Taken)> FindAsync(ChatwootContext context, KnownPerson person, CancellationToken ct)
    {
        var rows = (await FilterAsync(context, ContactRequests.Conditions(person), ct)).OfType<JsonObject>().ToList();
        var own = new List<JsonObject>();
        foreach (var row in rows) if (await IsOfAsync(context.App.Session, person, row, ct)) own.Add(row);
        if (own.Count > 1) throw new AmbiguousContactException(WahaIds.ChatId(person.Address), [.. own.Select(row => CandidateOf(context, row))]);
        return (own.Count == 1 ? own[0] : null, rows.Select(ContactMatches.PhoneOf).OfType<string>().ToHashSet(StringComparer.Ordinal));
    }

    private async Task<bool> IsOfAsync(string session, KnownPerson person, JsonObject row, CancellationToken ct) => ContactMatches.Compare(person, row) switch
    {
        ContactMatch.Certain => true,
        ContactMatch.Proposed => await people.IsNumberOfAsync(session, person, ContactMatches.DigitsIn(person, row), ct),
        _ => false,
    };

    private static async Task<(long Id, string SourceId, string? Name)> AdoptAsync(ChatwootContext context, KnownPerson person, JsonObject contact, string? name, CancellationToken ct)
    {
        var id = contact["id"]!.GetValue<long>();
        var (changes, ours) = ContactRequests.News(contact, person, null, name);
        await WriteAsync(context, id, changes, ct);
        return (id, await SourceOfAsync(context, contact, ct), ours);
    }

    /// <summary>A contact's source id in the inbox; it gets a place there when it has none.</summary>
    public static async Task<string> SourceOfAsync(ChatwootContext context, JsonObject contact, CancellationToken ct)
    {
        var place = (contact["contact_inboxes"] as JsonArray)?.FirstOrDefault(link => link?["inbox"]?["id"]?.GetValue<long>() == context.Config.InboxId);
        return place?["source_id"]?.ToString() ?? await context.Client.AddToInboxAsync(contact["id"]!.GetValue<long>(), ct);
    }

    /// <summary>Tells a contact what is new; a number that another contact has stays there.</summary>
    public static async Task WriteAsync(ChatwootContext context, long contact, JsonObject changes, CancellationToken ct)
    {
        if (changes.Count == 0) return;
        try
        {
            await context.Client.UpdateContactAsync(contact, (JsonObject)changes.DeepClone(), ct);
        }
        catch (ChatwootException e) when (e.Status == 422 && changes.ContainsKey("phone_number"))
        {
            changes.Remove("phone_number");
            if (changes.Count > 0) await context.Client.UpdateContactAsync(contact, changes, ct);
        }
    }

    /// <summary>Chatwoot refuses a look-up by attributes that somebody deleted: they are made again, once.</summary>
    public static async Task<JsonArray> FilterAsync(ChatwootContext context, JsonArray conditions, CancellationToken ct)
    {
        try
        {
            return await context.Client.FilterContactsAsync((JsonArray)conditions.DeepClone(), ct);
        }
        catch (ChatwootException e) when (e.Status == 422)
        {
            await ChatwootSetup.DefineAttributesAsync(context.Client, ct);
            return await context.Client.FilterContactsAsync(conditions, ct);
        }
    }

    internal static Candidate CandidateOf(ChatwootContext context, JsonObject row)
    {
        var id = row["id"]!.GetValue<long>();
        return new(row["name"]?.ToString() is { Length: > 0 } name ? name : $"#{id}", $"{context.Config.Url}/app/accounts/{context.Config.AccountId}/contacts/{id}");
    }
}
