using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Tasks;

/// <summary>What was done with a contact.</summary>
internal readonly record struct ContactChange(bool IsNew, bool IsUpdated, bool IsRenamed, bool HasPicture);

/// <summary>Finds or makes the contact of a person or group, and brings it up to what the phone knows as far as the import is to.</summary>
internal sealed class ContactImport(IHistoryGate history, ContactFinder finder, PersonFinder people)
{
    /// <exception cref="AmbiguousContactException">Several contacts could be meant; none was touched.</exception>
    public async Task<ContactChange> ImportAsync(ChatwootContext context, ContactPlan plan, HistoryContact person, CancellationToken ct)
    {
        var (phone, lid) = (JidOf(person.Phone), JidOf(person.Lid));
        var known = person.Group is null ? await people.OfAsync(plan.Session, (lid ?? phone)!.Value, ct) : null;
        // What the import says counts where the session has nothing on record.
        if (known is not null) known = known with { Phone = known.Phone ?? phone, Lid = known.Lid ?? lid };
        var (contact, taken) = known is not null ? await finder.FindAsync(context, known, ct) : (await ChatContacts.FindAsync(context, person.Group!, ct), new HashSet<string>());
        var attributes = known is null ? new() { [ChatwootSetup.ChatIdAttribute] = person.Group } : ContactRequests.Attributes(known.Phone, known.Lid);
        var name = person.Name ?? person.PushName;
        if (contact is null)
        {
            var request = known is null ? ContactRequests.CreateChat(person.Group!, name is { Length: > 0 } ? name : person.Group!) : ContactRequests.Create(known, name, taken);
            var (created, _) = await context.Client.CreateContactAsync(request, ct);
            return new(IsNew: true, false, false, await SetPictureAsync(context, plan, person, created, hasOne: false, ct));
        }

        var id = contact["id"]!.GetValue<long>();
        var (isUpdated, isRenamed) = await UpdateAsync(context, plan, person, contact, attributes, ct);
        return new(false, isUpdated, isRenamed, await SetPictureAsync(context, plan, person, id, contact["thumbnail"]?.ToString() is { Length: > 0 }, ct));
    }

    private static async Task<(bool IsUpdated, bool IsRenamed)> UpdateAsync(ChatwootContext context, ContactPlan plan, HistoryContact person, JsonObject contact, JsonObject attributes, CancellationToken ct)
    {
        var changes = new JsonObject();
        var there = contact["custom_attributes"] as JsonObject;
        if (plan.Attributes && ContactRequests.Differ(there, attributes)) changes["custom_attributes"] = ContactRequests.Merge(there, attributes);
        var shown = contact["name"]?.ToString() ?? "";
        var isRenamed = person.Name is { Length: > 0 } name && name != shown && plan.UpdateNames switch
        {
            "always" => true,
            "if-raw" => IsRaw(shown, person),
            _ => false,
        };
        if (isRenamed) changes["name"] = ContactRequests.Shorten(person.Name);
        if (changes.Count > 0) await context.Client.UpdateContactAsync(contact["id"]!.GetValue<long>(), changes, ct);
        return (changes.ContainsKey("custom_attributes"), isRenamed);
    }

    /// <summary>A name that nobody gave: none, an address with or without its signs, or what the person calls itself.</summary>
    internal static bool IsRaw(string name, HistoryContact person)
    {
        var plain = Plain(name);
        return plain.Length == 0 || new[] { person.Phone, person.Lid, person.Group, person.PushName }.OfType<string>().Any(known => Plain(known).Equals(plain, StringComparison.OrdinalIgnoreCase));
    }

    private static string Plain(string text)
    {
        var trimmed = text.Trim().TrimStart('+');
        var at = trimmed.IndexOf('@', StringComparison.Ordinal);
        return at > 0 ? trimmed[..at] : trimmed;
    }

    private async Task<bool> SetPictureAsync(ChatwootContext context, ContactPlan plan, HistoryContact person, long contact, bool hasOne, CancellationToken ct)
    {
        if (plan.Avatar is null || (hasOne && plan.Avatar == "if-missing")) return false;
        var owner = JidOf(person.Group) ?? JidOf(person.Phone) ?? JidOf(person.Lid)!.Value;
        if (await history.FindPictureAsync(plan.Session, owner, ct) is not { } url) return false;
        // Chatwoot fetches it itself, a moment later.
        await context.Client.UpdateContactAsync(contact, new() { ["avatar_url"] = url }, ct);
        return true;
    }

    private static Jid? JidOf(string? text) => Jid.TryParse(text, out var jid) ? jid : null;
}
