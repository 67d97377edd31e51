using Footbridge.Engine.Events;
using Footbridge.Jobs.Sqlite;
using Google.Protobuf;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage.Archive;

/// <summary>Adds an account's past: it fills in, and never changes what was seen as it happened.</summary>
internal static class ArchiveHistory
{
    public static void Take(SqliteConnection c, string session, HistoryReceived history, Func<Party, bool> isIgnored)
    {
        foreach (var chat in history.Chats.Where(chat => !isIgnored(chat.Chat))) Take(c, session, chat);
        foreach (var name in history.Names) ArchiveContacts.AddPushName(c, session, name.Person, name.PushName);
    }

    private static void Take(SqliteConnection c, string session, HistoryChat history)
    {
        var chat = ArchiveTables.Chats.Resolve(c, session, history.Chat);
        c.Execute("UPDATE archive_chats SET name = ?2 WHERE id = ?1 AND name IS NULL", chat, string.IsNullOrEmpty(history.Name) ? null : history.Name);
        c.Execute(
            "UPDATE archive_chats SET is_archived = ?2, is_pinned = ?3, muted_until = ?4, ephemeral = ?5 WHERE id = ?1 AND is_live = 0",
            chat, history.IsArchived ? 1 : 0, history.IsPinned ? 1 : 0, history.MutedUntil?.ToUnixTimeSeconds(), history.EphemeralSeconds);
        if (history.LastActivity is { } activity) ArchiveChats.Touch(c, chat, activity.ToUnixTimeSeconds());
        var (newest, added) = (long.MinValue, new List<(string Id, long At)>());
        foreach (var message in history.Messages.Where(message => ArchiveContent.IsMessage(message.Content)))
        {
            var at = message.Time.ToUnixTimeSeconds();
            newest = Math.Max(newest, at);
            var isNew = new ArchiveRow(session, chat, message.MessageId, message.IsFromMe, at, message.Sender, message.PushName)
            {
                Ack = message.Ack ?? (message.IsFromMe ? AckLevel.Server : AckLevel.Device),
                Content = message.Content.ToByteArray(),
            }.Insert(c);
            if (isNew && !message.IsFromMe) added.Add((message.MessageId, at));
        }

        if (newest == long.MinValue) return;
        ArchiveChats.Touch(c, chat, newest);
        // A chat comes in slices that all tell its number of unread messages: it is the newest slice's.
        if (history.Unread > 0 && IsNewest(c, chat, newest)) MarkUnread(c, session, chat, added.OrderByDescending(message => message.At).Take((int)Math.Min(history.Unread, added.Count)));
    }

    private static bool IsNewest(SqliteConnection c, long chat, long at) =>
        c.QueryFirst("SELECT MAX(at) <= ?2 FROM archive_messages WHERE chat = ?1", row => row.GetBoolean(0), chat, at);

    private static void MarkUnread(SqliteConnection c, string session, long chat, IEnumerable<(string Id, long At)> messages)
    {
        foreach (var (id, _) in messages) c.Execute("UPDATE archive_messages SET unread = 1 WHERE session = ?1 AND message_id = ?2 AND chat = ?3 AND from_me = 0", session, id, chat);
    }
}
