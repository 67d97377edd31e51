using System.Collections.Concurrent;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>A chat's place in Chatwoot.</summary>
/// <param name="Target">The WhatsApp address to answer to.</param>
internal sealed record Place(long Contact, long Conversation, string Target);

/// <summary>Where each chat is filed, in the database and, because each message asks, in memory.</summary>
internal sealed class ChatPlaces(SqliteDatabase database) : IChatPlaces
{
    private readonly ConcurrentDictionary<(string App, string Chat), Place> _places = new();

    public ValueTask<Place?> FindAsync(string app, string chat, CancellationToken ct) => new(Find(app, chat));

    public ValueTask<string?> TargetOfAsync(string app, long conversation, CancellationToken ct) => new(TargetOf(app, conversation));

    public Place? Find(string app, string chat)
    {
        if (_places.TryGetValue((app, chat), out var known)) return known;
        var stored = database.Read(c => c.QueryFirst(
            "SELECT contact, conversation, target FROM chatwoot_chats WHERE app = ?1 AND chat = ?2",
            row => new Place(row.GetInt64(0), row.GetInt64(1), row.GetString(2)), app, chat));
        if (stored is not null) _places[(app, chat)] = stored;
        return stored;
    }

    public string? TargetOf(string app, long conversation) => database.Read(c => c.QueryFirst(
        "SELECT target FROM chatwoot_chats INDEXED BY chatwoot_chats_by_conversation WHERE app = ?1 AND conversation = ?2", row => row.GetString(0), app, conversation));

    public async Task SaveAsync(string app, string chat, Place place, CancellationToken ct)
    {
        await database.WriteAsync(c => c.Execute(
            "INSERT INTO chatwoot_chats(app, chat, contact, conversation, target) VALUES(?1, ?2, ?3, ?4, ?5) "
            + "ON CONFLICT DO UPDATE SET contact = ?3, conversation = ?4, target = ?5",
            app, chat, place.Contact, place.Conversation, place.Target), ct);
        _places[(app, chat)] = place;
    }

    public async Task ForgetAsync(string app, string chat, CancellationToken ct)
    {
        _places.TryRemove((app, chat), out _);
        await database.WriteAsync(c => c.Execute("DELETE FROM chatwoot_chats WHERE app = ?1 AND chat = ?2", app, chat), ct);
    }

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
}
