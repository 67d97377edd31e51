using Footbridge.Engine.Events;
using Footbridge.Jobs.Sqlite;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;
using Google.Protobuf;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage.Archive;

/// <summary>Keeps the archive: what is said, changed, taken back, read and deleted.</summary>
internal sealed class ArchiveWriter(SessionProfiles profiles, Settings settings) : IEventProjection
{
    private static readonly PersonTable Chats = ArchiveTables.Chats;

    public void Apply(SqliteConnection connection, string account, EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case MessageReceived message when !IsIgnored(account, message.Chat):
                Take(connection, account, message);
                break;
            case MessageWaiting waiting when !IsIgnored(account, waiting.Chat):
                Await(connection, account, waiting);
                break;
            case MessageAcked acked:
                Acknowledge(connection, account, acked);
                break;
            case MessageStarred starred:
                Change(connection, account, starred.Chat, "UPDATE archive_messages SET starred = ?5 WHERE session = ?1 AND message_id = ?2 AND from_me = ?3 AND chat = ?4", starred.MessageId, starred.IsFromMe, starred.IsStarred ? 1 : 0);
                break;
            case MessageDeletedForMe deleted:
                Change(connection, account, deleted.Chat, "DELETE FROM archive_messages WHERE session = ?1 AND message_id = ?2 AND from_me = ?3 AND chat = ?4 AND ?5 = 0", deleted.MessageId, deleted.IsFromMe, 0);
                break;
            case ChatUpdated updated when !IsIgnored(account, updated.Chat):
                ArchiveChats.Update(connection, account, updated);
                break;
            case GroupJoined { Info.Subject: { Length: > 0 } subject } joined when !IsIgnored(account, new(joined.Group, null, null)):
                ArchiveChats.SetName(connection, account, joined.Group, subject);
                break;
            case GroupUpdated { Changes.Subject: { Length: > 0 } subject } changed when !IsIgnored(account, new(changed.Group, null, null)):
                ArchiveChats.SetName(connection, account, changed.Group, subject);
                break;
            case ContactUpdated contact:
                ArchiveContacts.Update(connection, account, contact);
                break;
            case HistoryReceived history:
                ArchiveHistory.Take(connection, account, history, chat => IsIgnored(account, chat));
                break;
        }
    }

    private bool IsIgnored(string account, Party chat) => profiles.Of(account).Ignore.Covers(chat.Address, settings.Ignore);

    private static void Take(SqliteConnection c, string session, MessageReceived message)
    {
        if (ArchiveContent.EditOf(message) is { } edit) Edit(c, session, message, edit.Id, edit.Content);
        else if (ArchiveContent.RevokedBy(message) is { } revoked) Revoke(c, session, message, revoked);
        else if (ArchiveContent.IsMessage(message.Content)) Add(c, session, message);
    }

    private static void Add(SqliteConnection c, string session, MessageReceived message)
    {
        var chat = Chats.Resolve(c, session, message.Chat);
        var at = message.Time.ToUnixTimeSeconds();
        var row = new ArchiveRow(session, chat, message.MessageId, message.IsFromMe, at, message.Sender, message.PushName)
        {
            Ack = message.IsFromMe ? AckLevel.Server : AckLevel.Device,
            IsUnread = !message.IsFromMe,
            Origin = message.Origin,
            Content = message.Content.ToByteArray(),
        };
        if (row.Insert(c)) ArchiveChats.Touch(c, chat, at);
        if (!message.IsFromMe && message.PushName is { Length: > 0 } name) ArchiveContacts.SetPushName(c, session, message.Sender, name);
    }

    private static void Await(SqliteConnection c, string session, MessageWaiting waiting)
    {
        var chat = Chats.Resolve(c, session, waiting.Chat);
        var at = waiting.Time.ToUnixTimeSeconds();
        var row = new ArchiveRow(session, chat, waiting.MessageId, waiting.IsFromMe, at, waiting.Sender, waiting.PushName)
        {
            Ack = waiting.IsFromMe ? AckLevel.Server : AckLevel.Device,
            IsUnread = !waiting.IsFromMe,
            State = ArchiveState.Waiting,
        };
        if (row.Insert(c)) ArchiveChats.Touch(c, chat, at);
    }

    private static void Edit(SqliteConnection c, string session, MessageReceived message, string id, Message edited)
    {
        if (OriginalOf(c, session, message, id) is not { } original || original.Content is not { } content) return;
        var changed = ArchiveContent.Edit(Message.Parser.ParseFrom(content), edited);
        c.Execute("UPDATE archive_messages SET content = ?2, edited = ?3 WHERE id = ?1", original.Id, changed.ToByteArray(), message.Time.ToUnixTimeSeconds());
    }

    private static void Revoke(SqliteConnection c, string session, MessageReceived message, string id)
    {
        if (OriginalOf(c, session, message, id) is not { } original) return;
        c.Execute("UPDATE archive_messages SET state = ?2, content = NULL, unread = 0 WHERE id = ?1", original.Id, (int)ArchiveState.Revoked);
    }

    /// <summary>The message that another one changes or takes back; only its own author may, or a group's admin.</summary>
    private static (long Id, byte[]? Content)? OriginalOf(SqliteConnection c, string session, MessageReceived message, string id)
    {
        var authors = new[] { message.Sender.Phone, message.Sender.Lid, message.Sender.Address }.OfType<Jid>().Select(jid => jid.ToUser().ToString()).ToList();
        var mayBeAnybodys = ArchiveContent.RevokedBy(message) is not null && ArchiveContent.IsByAdmin(message);
        foreach (var chat in Chats.FindAll(c, session, message.Chat))
        {
            var found = c.Query(
                "SELECT id, from_me, sender, sender_phone, sender_lid, content FROM archive_messages WHERE session = ?1 AND message_id = ?2 AND chat = ?3",
                row => (Id: row.GetInt64(0), FromMe: row.GetBoolean(1), Senders: new[] { Text(row, 2), Text(row, 3), Text(row, 4) }, Content: row.IsDBNull(5) ? null : row.GetFieldValue<byte[]>(5)), session, id, chat);
            foreach (var original in found)
            {
                var isOwn = original.FromMe == message.IsFromMe && (message.IsFromMe || original.Senders.Any(sender => sender is not null && authors.Contains(sender)));
                if (isOwn || mayBeAnybodys) return (original.Id, original.Content);
            }
        }

        return null;
    }

    private static void Acknowledge(SqliteConnection c, string session, MessageAcked acked)
    {
        foreach (var chat in Chats.FindAll(c, session, acked.Chat))
        {
            if (!acked.IsFromMe)
            {
                if (acked.Level >= AckLevel.Read) ArchiveChats.ReadUpTo(c, session, chat, acked.MessageId);
                continue;
            }

            // Receipts come in any order: the highest counts, and an error only while nothing better is known.
            c.Execute(
                """
                UPDATE archive_messages SET ack = ?4 WHERE session = ?1 AND message_id = ?2 AND chat = ?3 AND from_me = 1 AND (ack < ?4 OR (?4 = -1 AND ack <= 1))
                """,
                session, acked.MessageId, chat, (int)acked.Level);
        }
    }

    private static void Change(SqliteConnection c, string session, Party chat, string sql, string id, bool isFromMe, int value)
    {
        foreach (var row in Chats.FindAll(c, session, chat)) c.Execute(sql, session, id, isFromMe ? 1 : 0, row, value);
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
