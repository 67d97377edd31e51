using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Jobs.Sqlite;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>A chat's place in Chatwoot.</summary>
/// <param name="Target">The WhatsApp address to answer to.</param>
internal sealed record Place(long Contact, long Conversation, string Target);

/// <summary>A chat that could belong to more than one contact; nothing is written until a person decides.</summary>
internal sealed class AmbiguousContactException(string chat) : PermanentJobException(Texts.Quarantine(chat));

/// <summary>Finds or creates the contact and conversation of a chat, once; later messages need no further calls.</summary>
internal sealed class ChatDirectory(SqliteDatabase database)
{
    private readonly ConcurrentDictionary<(string App, string Chat), Place> _places = new();

    /// <summary>Where a person's messages go.</summary>
    /// <exception cref="AmbiguousContactException">Several contacts could be meant.</exception>
    public async Task<Place> ResolveAsync(ChatwootContext context, PublicEvent e, CancellationToken ct)
    {
        var key = (context.App.Id, ChatKey.Of(e));
        if (_places.TryGetValue(key, out var known)) return known;
        if (Load(key.Id, key.Item2) is { } stored) return _places[key] = stored;
        var (contact, sourceId) = await ContactAsync(context, e, ct);
        var conversation = await ConversationAsync(context, contact, sourceId, ct);
        var place = new Place(contact, conversation, e.ChatPhone ?? e.ChatLid ?? key.Item2);
        await SaveAsync(key.Id, key.Item2, place, ct);
        return _places[key] = place;
    }

    /// <summary>The WhatsApp address behind a Chatwoot conversation, when a message has gone through it before.</summary>
    public string? TargetOf(string app, long conversation) => database.Read(c => c.QueryFirst(
        "SELECT target FROM chatwoot_chats WHERE app = ?1 AND conversation = ?2", row => row.GetString(0), app, conversation));

    /// <summary>The conversation of a chat, when it has one already.</summary>
    public long? Known(string app, string chat) => Load(app, chat)?.Conversation;

    /// <summary>Chatwoot no longer knows the place (deleted, merged): the next message looks again.</summary>
    public async Task ForgetAsync(string app, string chat, CancellationToken ct)
    {
        _places.TryRemove((app, chat), out _);
        await database.WriteAsync(c => c.Execute("DELETE FROM chatwoot_chats WHERE app = ?1 AND chat = ?2", app, chat), ct);
    }

    /// <summary>A contact's conversations changed: its next message looks again, unless it would come out at the same one.</summary>
    public async Task ForgetContactAsync(string app, long contact, long? kept, CancellationToken ct)
    {
        foreach (var (key, _) in _places.Where(p => p.Key.App == app && p.Value.Contact == contact && p.Value.Conversation != kept)) _places.TryRemove(key, out var _);
        await database.WriteAsync(c => c.Execute("DELETE FROM chatwoot_chats WHERE app = ?1 AND contact = ?2 AND conversation <> ?3", app, contact, kept ?? 0), ct);
    }

    /// <summary>The app moved to another Chatwoot or inbox: every chat is filed anew.</summary>
    public async Task ForgetAllAsync(string app, CancellationToken ct)
    {
        foreach (var key in _places.Keys.Where(key => key.App == app)) _places.TryRemove(key, out _);
        await database.WriteAsync(c => c.Execute("DELETE FROM chatwoot_chats WHERE app = ?1", app), ct);
    }

    /// <summary>The contact and conversation in which the app itself speaks.</summary>
    public async Task<long> IntegrationAsync(ChatwootContext context, CancellationToken ct)
    {
        var key = (context.App.Id, ChatwootSetup.IntegrationId);
        if (_places.TryGetValue(key, out var known)) return known.Conversation;
        if (Load(key.Id, key.IntegrationId) is { } stored) return (_places[key] = stored).Conversation;
        var contact = new JsonObject
        {
            ["source_id"] = ChatwootSetup.IntegrationId,
            ["identifier"] = ChatwootSetup.IntegrationId,
            ["name"] = Texts.IntegrationName,
            ["custom_attributes"] = new JsonObject { [ChatwootSetup.ChatIdAttribute] = ChatwootSetup.IntegrationId },
        };
        var (id, sourceId) = await context.Client.CreateContactAsync(contact, ct);
        var place = new Place(id, await ConversationAsync(context, id, sourceId, ct), ChatwootSetup.IntegrationId);
        await SaveAsync(key.Id, key.IntegrationId, place, ct);
        _places[key] = place;
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

    private Place? Load(string app, string chat) => database.Read(c => c.QueryFirst(
        "SELECT contact, conversation, target FROM chatwoot_chats WHERE app = ?1 AND chat = ?2",
        row => new Place(row.GetInt64(0), row.GetInt64(1), row.GetString(2)), app, chat));

    private Task SaveAsync(string app, string chat, Place place, CancellationToken ct) => database.WriteAsync(c => c.Execute(
        "INSERT INTO chatwoot_chats(app, chat, contact, conversation, target) VALUES(?1, ?2, ?3, ?4, ?5) "
        + "ON CONFLICT DO UPDATE SET contact = ?3, conversation = ?4, target = ?5",
        app, chat, place.Contact, place.Conversation, place.Target), ct);
}
