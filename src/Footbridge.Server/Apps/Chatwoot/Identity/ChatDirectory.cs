using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>A chat that could belong to more than one contact; nothing is written until a person decides.</summary>
internal sealed class AmbiguousContactException(string chat) : PermanentJobException("more than one contact could be meant")
{
    public string Chat => chat;
}

/// <summary>Finds or creates the contact and conversation of a chat, once; later messages need no further calls.</summary>
internal sealed class ChatDirectory(IChatPlaces places)
{
    /// <summary>Where a person's messages go.</summary>
    /// <exception cref="AmbiguousContactException">Several contacts could be meant.</exception>
    public async Task<Place> ResolveAsync(ChatwootContext context, PublicEvent e, CancellationToken ct)
    {
        var (app, chat) = (context.App.Id, ChatKey.Of(e));
        if (await places.FindAsync(app, chat, ct) is { } known) return known;
        var (contact, sourceId) = await ContactAsync(context, e, ct);
        var conversation = await ConversationAsync(context, contact, sourceId, ct);
        var place = new Place(contact, conversation, e.ChatPhone ?? e.ChatLid ?? chat);
        await places.SaveAsync(app, chat, place, ct);
        return place;
    }

    /// <summary>The contact and conversation in which the app itself speaks.</summary>
    public async Task<long> IntegrationAsync(ChatwootContext context, CancellationToken ct)
    {
        if (await places.FindAsync(context.App.Id, ChatwootSetup.IntegrationId, ct) is { } known) return known.Conversation;
        var contact = new JsonObject
        {
            ["source_id"] = ChatwootSetup.IntegrationId,
            ["identifier"] = ChatwootSetup.IntegrationId,
            ["name"] = context.Words.Say(Key.AppInboxContactName),
            ["custom_attributes"] = new JsonObject { [ChatwootSetup.ChatIdAttribute] = ChatwootSetup.IntegrationId },
        };
        if (context.Words.Say(Key.AppInboxContactAvatarUrl) is { Length: > 0 } picture) contact["avatar_url"] = picture;
        var (id, sourceId) = await context.Client.CreateContactAsync(contact, ct);
        var place = new Place(id, await ConversationAsync(context, id, sourceId, ct), ChatwootSetup.IntegrationId);
        await places.SaveAsync(context.App.Id, ChatwootSetup.IntegrationId, place, ct);
        return place.Conversation;
    }

    private static async Task<(long Contact, string SourceId)> ContactAsync(ChatwootContext context, PublicEvent e, CancellationToken ct)
    {
        var (phone, lid) = (JidOf(e.ChatPhone), JidOf(e.ChatLid));
        var found = await FindAsync(context, ContactRequests.Conditions(phone, lid), ct);
        if (found.Count > 1) throw new AmbiguousContactException(WahaIds.ChatId(phone ?? lid!.Value));
        var attributes = ContactRequests.Attributes(phone, lid);
        if (found.Count == 0) return await context.Client.CreateContactAsync(ContactRequests.Create(phone, lid, NameOf(e), attributes), ct);
        var contact = found[0]!.AsObject();
        var id = contact["id"]!.GetValue<long>();
        if (ContactRequests.Differ(contact["custom_attributes"] as JsonObject, attributes))
        {
            await context.Client.UpdateContactAsync(id, new() { ["custom_attributes"] = ContactRequests.Merge(contact["custom_attributes"] as JsonObject, attributes) }, ct);
        }

        var source = (contact["contact_inboxes"] as JsonArray)?.FirstOrDefault(link => link?["inbox"]?["id"]?.GetValue<long>() == context.Config.InboxId);
        if (source is not null) return (id, source["source_id"]!.GetValue<string>());
        return (id, await context.Client.AddToInboxAsync(id, ct));
    }

    /// <summary>Chatwoot refuses a look-up by attributes that somebody deleted: they are made again, once.</summary>
    private static async Task<JsonArray> FindAsync(ChatwootContext context, JsonArray conditions, CancellationToken ct)
    {
        try
        {
            return await context.Client.FilterContactsAsync(conditions, ct);
        }
        catch (ChatwootException e) when (e.Status == 422)
        {
            await ChatwootSetup.DefineAttributesAsync(context.Client, ct);
            return await context.Client.FilterContactsAsync((JsonArray)conditions.DeepClone(), ct);
        }
    }

    private static async Task<long> ConversationAsync(ChatwootContext context, long contact, string sourceId, CancellationToken ct)
    {
        var candidates = (await context.Client.ConversationsOfAsync(contact, ct)).OfType<JsonObject>()
            .Where(c => c["inbox_id"]?.GetValue<long>() == context.Config.InboxId)
            .Where(c => context.Config.Statuses is not { Count: > 0 } statuses || statuses.Contains(c["status"]?.ToString() ?? "", StringComparer.Ordinal))
            .ToList();
        if (candidates.Count == 0) return await context.Client.CreateConversationAsync(sourceId, ct);
        Func<JsonObject, double> when = context.Config.Sort.StartsWith("activity", StringComparison.Ordinal)
            ? c => c["last_activity_at"]?.GetValue<double>() ?? 0
            : c => c["created_at"]?.GetValue<double>() ?? 0;
        var best = context.Config.Sort.EndsWith("newest", StringComparison.Ordinal) ? candidates.MaxBy(when) : candidates.MinBy(when);
        return best!["id"]!.GetValue<long>();
    }

    private static string? NameOf(PublicEvent e) => e.Payload["fromMe"]?.GetValue<bool>() == true ? null : e.Payload["_data"]?["notifyName"]?.ToString();

    private static Jid? JidOf(string? text) => Jid.TryParse(text, out var jid) ? jid : null;
}
