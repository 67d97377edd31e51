using Footbridge.Engine.Events;
using Footbridge.Jobs.Sqlite;
using Footbridge.Protocol.Xml;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage.Archive;

/// <summary>The statements about whole chats.</summary>
internal static class ArchiveChats
{
    private static readonly PersonTable Table = ArchiveTables.Chats;

    /// <summary>Something was said in it.</summary>
    public static void Touch(SqliteConnection c, long chat, long at) =>
        c.Execute("UPDATE archive_chats SET last_at = ?2 WHERE id = ?1 AND last_at < ?2", chat, at);

    /// <summary>What a group is called.</summary>
    public static void SetName(SqliteConnection c, string session, Jid group, string name) =>
        c.Execute("UPDATE archive_chats SET name = ?2 WHERE id = ?1", Table.Resolve(c, session, new(group, null, null)), name);

    /// <summary>A message was read on another device, and so was everything before it.</summary>
    public static void ReadUpTo(SqliteConnection c, string session, long chat, string messageId)
    {
        if (c.QueryFirst<long?>("SELECT MAX(at) FROM archive_messages WHERE session = ?1 AND message_id = ?2 AND chat = ?3", row => row.IsDBNull(0) ? null : row.GetInt64(0), session, messageId, chat) is not { } at) return;
        c.Execute("UPDATE archive_messages SET unread = 0 WHERE chat = ?1 AND unread = 1 AND at <= ?2", chat, at);
        c.Execute("UPDATE archive_chats SET is_unread = 0 WHERE id = ?1 AND is_unread = 1", chat);
    }

    public static void Update(SqliteConnection c, string session, ChatUpdated updated)
    {
        if (updated.Change is ChatChange.Deleted or ChatChange.Cleared)
        {
            foreach (var row in Table.FindAll(c, session, updated.Chat)) Empty(c, row, updated);
            return;
        }

        var chat = Table.Resolve(c, session, updated.Chat);
        c.Execute("UPDATE archive_chats SET is_live = 1 WHERE id = ?1 AND is_live = 0", chat);
        switch (updated.Change)
        {
            case ChatChange.Archived archived:
                c.Execute("UPDATE archive_chats SET is_archived = ?2 WHERE id = ?1", chat, archived.IsArchived ? 1 : 0);
                break;
            case ChatChange.Pinned pinned:
                c.Execute("UPDATE archive_chats SET is_pinned = ?2 WHERE id = ?1", chat, pinned.IsPinned ? 1 : 0);
                break;
            case ChatChange.Muted muted:
                c.Execute("UPDATE archive_chats SET muted_until = ?2 WHERE id = ?1", chat, muted.Until?.ToUnixTimeSeconds());
                break;
            case ChatChange.Read read:
                c.Execute("UPDATE archive_chats SET is_unread = ?2 WHERE id = ?1", chat, read.IsRead ? 0 : 1);
                if (read.IsRead) c.Execute("UPDATE archive_messages SET unread = 0 WHERE chat = ?1 AND unread = 1", chat);
                break;
            case ChatChange.Ephemeral ephemeral:
                c.Execute("UPDATE archive_chats SET ephemeral = ?2 WHERE id = ?1", chat, ephemeral.Seconds);
                break;
            case ChatChange.Named named:
                c.Execute("UPDATE archive_chats SET name = ?2 WHERE id = ?1", chat, named.Name.Length == 0 ? null : named.Name);
                break;
        }
    }

    /// <summary>What came after the chat was cleared or deleted elsewhere stays.</summary>
    private static void Empty(SqliteConnection c, long chat, ChatUpdated updated)
    {
        c.Execute("DELETE FROM archive_messages WHERE chat = ?1 AND at <= ?2", chat, updated.Time.ToUnixTimeSeconds());
        if (updated.Change is ChatChange.Deleted) c.Execute("DELETE FROM archive_chats WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM archive_messages WHERE chat = ?1)", chat);
    }
}
