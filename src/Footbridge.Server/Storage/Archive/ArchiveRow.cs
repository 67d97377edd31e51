using Footbridge.Engine.Events;
using Footbridge.Jobs.Sqlite;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage.Archive;

internal enum ArchiveState
{
    Message = 0,

    /// <summary>It could not be opened yet; it has been asked for again.</summary>
    Waiting = 1,

    /// <summary>Its author took it back; the content is gone.</summary>
    Revoked = 2,
}

/// <summary>A message as it is added.</summary>
internal readonly record struct ArchiveRow(string Session, long Chat, string MessageId, bool IsFromMe, long At, Party Sender, string? PushName)
{
    public AckLevel Ack { get; init; }

    public bool IsUnread { get; init; }

    public MessageOrigin Origin { get; init; }

    public ArchiveState State { get; init; }

    /// <summary>Null while it waits.</summary>
    public byte[]? Content { get; init; }

    /// <summary>Adds it, or opens the one that waits under its id; false when it is there already, which then stays as it is.</summary>
    public bool Insert(SqliteConnection c) => c.Execute(
        """
        INSERT INTO archive_messages(session, chat, message_id, from_me, at, state, ack, unread, origin, sender, sender_phone, sender_lid, push_name, content)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
        ON CONFLICT(session, message_id, chat, from_me) DO UPDATE SET state = excluded.state, content = excluded.content, origin = excluded.origin,
            push_name = COALESCE(excluded.push_name, archive_messages.push_name) WHERE archive_messages.state = 1 AND excluded.state = 0
        """,
        Session, Chat, MessageId, IsFromMe ? 1 : 0, At, (int)State, (int)Ack, IsUnread ? 1 : 0, (int)Origin,
        Sender.Address.ToUser().ToString(), Sender.Phone?.ToUser().ToString(), Sender.Lid?.ToUser().ToString(), PushName, Content) > 0;
}
