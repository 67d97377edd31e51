using Footbridge.Engine.Events;
using Footbridge.Protocol.Xml;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage.Archive;

/// <summary>A message as the archive has it.</summary>
/// <param name="Message">As it was told, with edits made; without content when it waits or was taken back.</param>
/// <param name="EditedAt">When it was changed last, or null.</param>
internal sealed record ArchivedMessage(MessageReceived Message, AckLevel Ack, ArchiveState State, DateTimeOffset? EditedAt, bool IsStarred, bool IsUnread)
{
    internal const string Columns =
        "m.message_id, m.from_me, m.at, m.state, m.ack, m.unread, m.starred, m.origin, m.edited, m.sender, m.sender_phone, m.sender_lid, m.push_name, c.phone, c.lid, c.jid, m.content";

    internal static ArchivedMessage Shape(SqliteDataReader row)
    {
        var chat = new Party(Address(row, 13) ?? Address(row, 14) ?? Address(row, 15)!.Value, Address(row, 13), Address(row, 14));
        var sender = new Party(Address(row, 9)!.Value, Address(row, 10), Address(row, 11));
        var (id, at) = (row.GetString(0), DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(2)));
        var content = row.IsDBNull(16) ? new Footbridge.Protocol.Generated.Message() : Footbridge.Protocol.Generated.Message.Parser.ParseFrom(row.GetFieldValue<byte[]>(16));
        return new(
            new($"message:{id}|{sender.Address.User}", at, id, chat, sender, row.GetBoolean(1), row.IsDBNull(12) ? null : row.GetString(12), content, IsOffline: false) { Origin = (MessageOrigin)row.GetInt32(7) },
            (AckLevel)row.GetInt32(4), (ArchiveState)row.GetInt32(3), row.IsDBNull(8) ? null : DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(8)), row.GetBoolean(6), row.GetBoolean(5));
    }

    internal static Jid? Address(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : Jid.Parse(row.GetString(column));
}

/// <summary>A chat as the archive has it.</summary>
/// <param name="Name">What the account's owner calls it or the person calls itself; null when neither is known.</param>
/// <param name="LastAt">When something was said in it last; null for never.</param>
internal sealed record ArchivedChat(
    long Row, Party Chat, string? Name, DateTimeOffset? LastAt, long Unread, bool IsMarkedUnread, bool IsArchived, bool IsPinned, long? MutedUntilSeconds, long EphemeralSeconds);

/// <summary>A person as the archive knows it.</summary>
internal sealed record ArchivedContact(Party Person, string? FullName, string? FirstName, string? PushName, string? BusinessName, string? Username)
{
    public string? Name => FullName ?? BusinessName;
}
