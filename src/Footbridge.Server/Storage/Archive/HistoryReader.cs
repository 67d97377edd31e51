using Footbridge.Jobs.Sqlite;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage.Archive;

/// <summary>Reads the past from one end to the other, in an order in which nothing is met twice or missed when more comes in meanwhile.</summary>
internal sealed class HistoryReader(SqliteDatabase database)
{
    private const string InWindow = "EXISTS (SELECT 1 FROM archive_messages m WHERE m.chat = c.id AND m.state = 0 AND m.at >= ?2 AND m.at <= ?3)";
    private const string From = $"SELECT {ArchivedMessage.Columns}, m.id FROM archive_messages m JOIN archive_chats c ON c.id = m.chat";

    // People who were only seen in groups are no contacts that anybody asked for, unless they have a name in the phone.
    private const string People_ =
        """
        SELECT k.id, k.phone, k.lid, COALESCE(k.full_name, k.business_name), k.push_name,
            k.full_name IS NOT NULL OR EXISTS (SELECT 1 FROM archive_chats c WHERE c.session = k.session AND (c.phone = k.phone OR c.lid = k.lid))
        FROM archive_contacts k WHERE k.session = ?1 AND k.id > ?2 ORDER BY k.id LIMIT ?3
        """;

    private const string Unlisted_ =
        """
        SELECT c.id, c.phone, c.lid, c.jid, c.name,
            (SELECT m.push_name FROM archive_messages m WHERE m.chat = c.id AND m.from_me = 0 AND m.push_name IS NOT NULL ORDER BY m.at DESC LIMIT 1)
        FROM archive_chats c WHERE c.session = ?1 AND c.id > ?2 AND (c.jid LIKE '%@g.us' OR (c.jid IS NULL
            AND NOT EXISTS (SELECT 1 FROM archive_contacts k WHERE k.session = c.session AND (k.phone = c.phone OR k.lid = c.lid))))
        ORDER BY c.id LIMIT ?3
        """;

    /// <summary>Each by the address that lanes have: a person's LID where it is known. The longest silent first.</summary>
    public IReadOnlyList<Jid> Chats(string session, HistoryWindow? window) => database.Read(c => window is null
        ? c.Query("SELECT COALESCE(c.lid, c.phone, c.jid) FROM archive_chats c WHERE c.session = ?1 ORDER BY c.last_at, c.id", Address, session)
        : c.Query($"SELECT COALESCE(c.lid, c.phone, c.jid) FROM archive_chats c WHERE c.session = ?1 AND {InWindow} ORDER BY c.last_at, c.id", Address, session, window.From, window.To));

    public Jid? FindChat(string session, Jid chat) => database.Read(c => ArchiveTables.Chats.Find(c, session, chat) is { } row
        ? c.QueryFirst<Jid?>("SELECT COALESCE(lid, phone, jid) FROM archive_chats WHERE id = ?1", found => Address(found), row)
        : null);

    /// <summary>Messages that can be read, behind a place in their chat's order.</summary>
    public IReadOnlyList<(ArchivedMessage Message, long Row)> Messages(string session, Jid chat, HistoryWindow window, (long At, long Row) after, int limit) => database.Read(c =>
        ArchiveTables.Chats.Find(c, session, chat) is not { } row ? [] : c.Query(
            $"{From} WHERE m.chat = ?1 AND m.state = 0 AND m.at >= ?2 AND m.at <= ?3 AND (m.at > ?4 OR (m.at = ?4 AND m.id > ?5)) ORDER BY m.at, m.id LIMIT ?6",
            found => (ArchivedMessage.Shape(found), found.GetInt64(found.FieldCount - 1)), row, window.From, window.To, after.At, after.Row, limit));

    public ArchivedMessage? Oldest(string session, Jid chat) => database.Read(c =>
        ArchiveTables.Chats.Find(c, session, chat) is not { } row ? null : c.QueryFirst($"{From} WHERE m.chat = ?1 AND m.state = 0 ORDER BY m.at, m.id LIMIT 1", ArchivedMessage.Shape, row));

    public IReadOnlyList<HistoryContact> People(string session, long after, int limit) => database.Read(c => c.Query(
        People_, row => new HistoryContact(row.GetInt64(0), Text(row, 1), Text(row, 2), null, Text(row, 3), Text(row, 4), row.GetBoolean(5)), session, after, limit));

    /// <summary>Chats with people who have no name of their own among the contacts, and groups.</summary>
    public IReadOnlyList<HistoryContact> Unlisted(string session, long after, int limit) => database.Read(c => c.Query(
        Unlisted_, row => new HistoryContact(row.GetInt64(0), Text(row, 1), Text(row, 2), Text(row, 3), Text(row, 4), Text(row, 5), true), session, after, limit));

    private static Jid Address(SqliteDataReader row) => Jid.Parse(row.GetString(0));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
