using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Apps.Chatwoot.State;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>A chat's place in Chatwoot.</summary>
/// <param name="Target">The WhatsApp address to answer to.</param>
internal sealed record Place(long Contact, long Conversation, string Target)
{
    /// <summary>The conversation is gone, or another may be the right one now: it is to be chosen anew.</summary>
    [JsonIgnore]
    public bool IsOpen => Conversation == 0;

    /// <summary>The name that we gave the contact; null when it has another, which is not ours to change.</summary>
    public string? Name { get; init; }

    /// <summary>The hidden id that the contact has been told of.</summary>
    public string? Lid { get; init; }

    /// <summary>The picture that we gave the contact.</summary>
    public PictureMark? Picture { get; init; }

    /// <summary>The contact's source id in the inbox, through which its conversations are opened.</summary>
    public string? Source { get; init; }
}

/// <summary>A picture that a contact was given.</summary>
/// <param name="Id">WhatsApp's.</param>
/// <param name="Shown">Where Chatwoot showed it then: another address is a picture that somebody else gave.</param>
internal sealed record PictureMark(string Id, string Hash, string Shown);

/// <summary>Where each chat is filed, in the database and, because each message asks, in memory.</summary>
internal sealed class ChatPlaces(SqliteDatabase database) : IChatPlaces
{
    private const string Columns = "contact, conversation, target, name, lid, source";
    private const string Shown = Columns + ", picture_id, picture_hash, picture_shown";

    // Contacts that were merged may have several chats in one conversation.
    private const string LastWriter = "SELECT m.chat FROM chatwoot_messages m INDEXED BY chatwoot_messages_by_cw WHERE m.app = ?1 AND m.conversation = ?2 AND m.from_me = 0 ORDER BY m.cw_id DESC LIMIT 1";
    private const string Next = "(SELECT COALESCE(MAX(written), 0) + 1 FROM chatwoot_chats WHERE app = ?1)";

    private readonly ConcurrentDictionary<(string App, string Chat), Place> _places = new();

    public ValueTask<Place?> FindAsync(string app, string chat, CancellationToken ct) => new(Find(app, chat));

    public ValueTask<Place?> RecallAsync(string app, string chat, CancellationToken ct) => new(Recall(app, chat));

    public ValueTask<Place?> OfConversationAsync(string app, long conversation, CancellationToken ct) => new(OfConversation(app, conversation));

    public Place? Find(string app, string chat) => Recall(app, chat) is { IsOpen: false } place ? place : null;

    private Place? Recall(string app, string chat)
    {
        if (_places.TryGetValue((app, chat), out var known)) return known;
        var stored = database.Read(c => c.QueryFirst($"SELECT {Shown} FROM chatwoot_chats WHERE app = ?1 AND chat = ?2", Shape, app, chat));
        if (stored is not null) _places[(app, chat)] = stored;
        return stored;
    }

    public Place? OfConversation(string app, long conversation) => database.Read(c => c.QueryFirst(
        $"SELECT {Shown} FROM chatwoot_chats INDEXED BY chatwoot_chats_by_conversation WHERE app = ?1 AND conversation = ?2 ORDER BY chat = ({LastWriter}) DESC, written DESC LIMIT 1", Shape, app, conversation));

    public async Task SaveAsync(string app, string chat, Place place, CancellationToken ct)
    {
        await database.WriteAsync(c => c.Execute(
            $"INSERT INTO chatwoot_chats(app, chat, {Columns}, written) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, {Next}) "
            + $"ON CONFLICT DO UPDATE SET contact = ?3, conversation = ?4, target = ?5, name = ?6, lid = ?7, source = ?8, written = {Next}",
            app, chat, place.Contact, place.Conversation, place.Target, place.Name, place.Lid, place.Source), ct);
        // The picture is another job's to tell.
        _places.AddOrUpdate((app, chat), place, (_, before) => place with { Picture = before.Picture });
    }

    public async Task SetPictureAsync(string app, string chat, PictureMark picture, CancellationToken ct)
    {
        await database.WriteAsync(c => c.Execute(
            "UPDATE chatwoot_chats SET picture_id = ?3, picture_hash = ?4, picture_shown = ?5 WHERE app = ?1 AND chat = ?2", app, chat, picture.Id, picture.Hash, picture.Shown), ct);
        if (_places.TryGetValue((app, chat), out var place)) _places.TryUpdate((app, chat), place with { Picture = picture }, place);
    }

    public async Task ForgetAsync(string app, string chat, CancellationToken ct)
    {
        var conversation = Find(app, chat)?.Conversation;
        await database.WriteAsync(c => c.Execute("UPDATE chatwoot_chats SET conversation = 0 WHERE app = ?1 AND (chat = ?2 OR conversation = ?3)", app, chat, conversation), ct);
        Drop(app, place => place.Key == chat || place.Value.Conversation == conversation);
    }

    public async Task ForgetContactAsync(string app, long contact, long? kept, CancellationToken ct)
    {
        await database.WriteAsync(c => c.Execute("UPDATE chatwoot_chats SET conversation = 0 WHERE app = ?1 AND contact = ?2 AND conversation <> ?3", app, contact, kept ?? 0), ct);
        Drop(app, place => place.Value.Contact == contact && place.Value.Conversation != kept);
    }

    /// <summary>The app moved to another Chatwoot or inbox: every chat is filed anew.</summary>
    public async Task ForgetAllAsync(string app, CancellationToken ct)
    {
        await database.WriteAsync(c => c.Execute("DELETE FROM chatwoot_chats WHERE app = ?1", app), ct);
        Drop(app, _ => true);
    }

    private void Drop(string app, Func<KeyValuePair<string, Place>, bool> matches)
    {
        foreach (var (key, place) in _places.Where(p => p.Key.App == app && matches(new(p.Key.Chat, p.Value)))) _places.TryRemove(new((app, key.Chat), place));
    }

    private static Place Shape(SqliteDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetString(2))
    {
        Name = TextAt(row, 3),
        Lid = TextAt(row, 4),
        Source = TextAt(row, 5),
        Picture = TextAt(row, 6) is { } picture ? new(picture, TextAt(row, 7) ?? "", TextAt(row, 8) ?? "") : null,
    };

    private static string? TextAt(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
