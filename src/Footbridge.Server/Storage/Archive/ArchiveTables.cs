using Footbridge.Jobs.Sqlite;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage.Archive;

/// <summary>The archive's chats and contacts as tables of people, and what a row that becomes part of another leaves to it.</summary>
internal static class ArchiveTables
{
    public static PersonTable Chats { get; } = new("archive_chats", JoinChats);

    public static PersonTable Contacts { get; } = new("archive_contacts", JoinContacts);

    private static void JoinChats(SqliteConnection c, long id, long former)
    {
        c.Execute(
            """
            DELETE FROM archive_messages WHERE chat = ?2 AND EXISTS (SELECT 1 FROM archive_messages kept
                WHERE kept.session = archive_messages.session AND kept.message_id = archive_messages.message_id AND kept.chat = ?1 AND kept.from_me = archive_messages.from_me)
            """,
            id, former);
        c.Execute("UPDATE archive_messages SET chat = ?1 WHERE chat = ?2", id, former);
        // What was set by hand on either stays set; the later activity counts.
        c.Execute(
            """
            UPDATE archive_chats SET name = COALESCE(archive_chats.name, other.name), muted_until = COALESCE(archive_chats.muted_until, other.muted_until),
                last_at = CASE WHEN other.last_at > archive_chats.last_at THEN other.last_at ELSE archive_chats.last_at END,
                is_archived = CASE WHEN other.is_archived = 1 THEN 1 ELSE archive_chats.is_archived END, is_pinned = CASE WHEN other.is_pinned = 1 THEN 1 ELSE archive_chats.is_pinned END,
                is_unread = CASE WHEN other.is_unread = 1 THEN 1 ELSE archive_chats.is_unread END, is_live = CASE WHEN other.is_live = 1 THEN 1 ELSE archive_chats.is_live END,
                ephemeral = CASE WHEN other.ephemeral > archive_chats.ephemeral THEN other.ephemeral ELSE archive_chats.ephemeral END
            FROM archive_chats other WHERE archive_chats.id = ?1 AND other.id = ?2
            """,
            id, former);
    }

    private static void JoinContacts(SqliteConnection c, long id, long former) => c.Execute(
        """
        UPDATE archive_contacts SET full_name = COALESCE(archive_contacts.full_name, other.full_name), first_name = COALESCE(archive_contacts.first_name, other.first_name),
            push_name = COALESCE(archive_contacts.push_name, other.push_name), business_name = COALESCE(archive_contacts.business_name, other.business_name),
            username = COALESCE(archive_contacts.username, other.username)
        FROM archive_contacts other WHERE archive_contacts.id = ?1 AND other.id = ?2
        """,
        id, former);
}
