using Footbridge.Engine.Events;
using Footbridge.Jobs.Sqlite;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage.Archive;

/// <summary>Reads the messages of the past. Reads never wait for writers.</summary>
internal sealed class MessageArchive(SqliteDatabase database) : IMessageArchive
{
    private const int Step = 500;
    private const string From = $"SELECT {ArchivedMessage.Columns} FROM archive_messages m JOIN archive_chats c ON c.id = m.chat";
    private const string Where = "m.at >= ?2 AND m.at <= ?3 AND (?4 = -1 OR m.from_me = ?4) AND (?5 = -9 OR m.ack = ?5)";
    private const string OfChatDescending = $"{From} WHERE m.chat = ?1 AND {Where} ORDER BY m.at DESC, m.id DESC LIMIT ?6 OFFSET ?7";
    private const string OfChatAscending = $"{From} WHERE m.chat = ?1 AND {Where} ORDER BY m.at, m.id LIMIT ?6 OFFSET ?7";
    private const string OfAllDescending = $"{From} WHERE m.session = ?1 AND {Where} ORDER BY m.at DESC, m.id DESC LIMIT ?6 OFFSET ?7";
    private const string OfAllAscending = $"{From} WHERE m.session = ?1 AND {Where} ORDER BY m.at, m.id LIMIT ?6 OFFSET ?7";

    public ValueTask<MessageReceived?> FindAsync(string session, Jid? chat, string id, CancellationToken ct) =>
        new(Find(session, chat, id) is { State: ArchiveState.Message } found ? found.Message : null);

    /// <summary>A message in whatever state, or null.</summary>
    /// <inheritdoc cref="IMessageArchive.FindAsync"/>
    public ArchivedMessage? Find(string session, Jid? chat, string id) => database.Read(c =>
    {
        var row = chat is { } jid ? ArchiveTables.Chats.Find(c, session, jid) : null;
        if (chat is not null && row is null) return null;
        return c.QueryFirst(
            $"{From} WHERE m.session = ?1 AND m.message_id = ?2 AND (?3 IS NULL OR m.chat = ?3) AND (?4 = -1 OR m.from_me = ?4) ORDER BY m.id DESC LIMIT 1",
            ArchivedMessage.Shape, session, WahaIds.RawId(id), row, AuthorOf(id));
    });

    /// <summary>Messages of one chat, by either address of a person; nothing for a chat that is not known.</summary>
    public IReadOnlyList<ArchivedMessage> OfChat(string session, Jid chat, MessageFilter filter, ArchivePage page) => database.Read(c =>
        ArchiveTables.Chats.Find(c, session, chat) is { } row ? List(c, page.IsDescending ? OfChatDescending : OfChatAscending, row, filter, page) : []);

    /// <summary>Messages of all of a session's chats.</summary>
    public IReadOnlyList<ArchivedMessage> OfAll(string session, MessageFilter filter, ArchivePage page) =>
        database.Read(c => List(c, page.IsDescending ? OfAllDescending : OfAllAscending, session, filter, page));

    /// <summary>The last message of a chat, or null.</summary>
    public ArchivedMessage? LastOf(long chat) =>
        database.Read(c => List(c, OfChatDescending, chat, MessageFilter.None, new(1, 0, true)).FirstOrDefault());

    /// <summary>Messages of others that were not read yet, the newest first.</summary>
    /// <param name="since">None that is older.</param>
    public IReadOnlyList<ArchivedMessage> Unread(string session, Jid chat, DateTimeOffset since, int limit) => database.Read(c =>
        ArchiveTables.Chats.Find(c, session, chat) is not { } row ? [] : c.Query(
            $"{From} WHERE m.chat = ?1 AND m.unread = 1 AND m.at >= ?2 ORDER BY m.at DESC, m.id DESC LIMIT ?3", ArchivedMessage.Shape, row, since.ToUnixTimeSeconds(), limit));

    /// <summary>Messages were read here.</summary>
    public Task MarkReadAsync(string session, Jid chat, IReadOnlyList<string> ids, CancellationToken ct) => database.WriteAsync(
        c =>
        {
            if (ArchiveTables.Chats.Find(c, session, chat) is not { } row) return;
            foreach (var id in ids) c.Execute("UPDATE archive_messages SET unread = 0 WHERE session = ?1 AND message_id = ?2 AND chat = ?3 AND from_me = 0", session, id, row);
            c.Execute("UPDATE archive_chats SET is_unread = 0 WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM archive_messages WHERE chat = ?1 AND unread = 1)", row);
        },
        ct);

    /// <summary>Forgets everything of a session whose account is unlinked.</summary>
    public async Task EraseAsync(string session, CancellationToken ct)
    {
        await InStepsAsync("DELETE FROM archive_messages WHERE id IN (SELECT id FROM archive_messages WHERE session = ?1 LIMIT ?2)", session, ct);
        await InStepsAsync("DELETE FROM archive_chats WHERE id IN (SELECT id FROM archive_chats WHERE session = ?1 LIMIT ?2)", session, ct);
        await InStepsAsync("DELETE FROM archive_contacts WHERE id IN (SELECT id FROM archive_contacts WHERE session = ?1 LIMIT ?2)", session, ct);
    }

    /// <summary>Deletes a session's messages from before a time; gives their number.</summary>
    public Task<int> SweepAsync(string session, DateTimeOffset before, CancellationToken ct) => InStepsAsync(
        "DELETE FROM archive_messages WHERE id IN (SELECT id FROM archive_messages WHERE session = ?1 AND at < ?3 ORDER BY at LIMIT ?2)", session, ct, before.ToUnixTimeSeconds());

    private async Task<int> InStepsAsync(string sql, string session, CancellationToken ct, long? before = null)
    {
        for (var deleted = 0; ;)
        {
            var step = await database.WriteAsync(c => before is { } at ? c.Execute(sql, session, Step, at) : c.Execute(sql, session, Step), ct);
            deleted += step;
            if (step < Step) return deleted;
        }
    }

    private static List<ArchivedMessage> List(SqliteConnection c, string sql, object of, MessageFilter filter, ArchivePage page) => c.Query(
        sql, ArchivedMessage.Shape, of, filter.From ?? long.MinValue, filter.To ?? long.MaxValue, filter.IsFromMe switch { true => 1, false => 0, _ => -1 }, (int?)filter.Ack ?? -9, page.Take, page.Offset);

    /// <summary>Whose message a full id means: 1 the account's, 0 somebody else's, -1 not said.</summary>
    private static int AuthorOf(string id) => id.Split('_') is { Length: >= 3 } parts ? parts[0] switch
    {
        "true" => 1,
        "false" => 0,
        _ => -1,
    } : -1;
}
