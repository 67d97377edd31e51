using Footbridge.Jobs.Sqlite;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Which WhatsApp message is which Chatwoot message.</summary>
/// <param name="Chat">The chat's key.</param>
/// <param name="Ack">The highest level told to Chatwoot; <see cref="MessageMap.NoStatus"/> for messages that have none there.</param>
internal sealed record MappedMessage(string WaId, string Chat, bool IsFromMe, long Conversation, long CwId, int Ack)
{
    /// <summary>When the pair was made, or the message last failed.</summary>
    public long UpdatedAtSeconds { get; init; }

    /// <summary>Which of the WhatsApp messages this is that one message of Chatwoot became, from 1.</summary>
    public int Part { get; init; } = 1;

    /// <summary>Who wrote it on WhatsApp, in groups: without it a message there cannot be quoted or deleted.</summary>
    public string? Participant { get; init; }
}

/// <summary>The map, in the database.</summary>
internal sealed class MessageMap(SqliteDatabase database, TimeProvider time)
{
    public const int NoStatus = 99;

    /// <summary>What the app itself says: it has no status, and is in no order with what is carried into a conversation.</summary>
    public const int OfTheApp = 98;
    private const string Columns = "wa_id, chat, from_me, conversation, cw_id, ack, updated, part, participant";

    public MappedMessage? ByWhatsApp(string app, string waId) => database.Read(c =>
        c.QueryFirst($"SELECT {Columns} FROM chatwoot_messages WHERE app = ?1 AND wa_id = ?2", Shape, app, waId));

    /// <summary>What a message of Chatwoot is on WhatsApp, part by part; empty when it is nothing there.</summary>
    /// <remarks>The index is named because SQLite's planner takes the primary key instead, and reads all of the app's rows.</remarks>
    public IReadOnlyList<MappedMessage> ByChatwoot(string app, long conversation, long cwId) => database.Read(c => c.Query(
        $"SELECT {Columns} FROM chatwoot_messages INDEXED BY chatwoot_messages_by_cw WHERE app = ?1 AND conversation = ?2 AND cw_id = ?3 ORDER BY part", Shape, app, conversation, cwId));

    /// <summary>The Chatwoot id of the last message that was carried from WhatsApp into a conversation.</summary>
    public long? LastPosted(string app, long conversation) => database.Read(c => c.QueryFirst<long?>(
        "SELECT MAX(cw_id) FROM chatwoot_messages INDEXED BY chatwoot_messages_by_cw WHERE app = ?1 AND conversation = ?2 AND ack = ?3",
        row => row.IsDBNull(0) ? null : row.GetInt64(0), app, conversation, NoStatus));

    /// <summary>The WhatsApp ids of the other side's messages between two Chatwoot ids, newest first; placeholders of waiting ones are none.</summary>
    public IReadOnlyList<string> Incoming(string app, long conversation, long after, long before, int limit) => database.Read(c => c.Query(
        "SELECT wa_id FROM chatwoot_messages WHERE app = ?1 AND conversation = ?2 AND cw_id > ?3 AND cw_id < ?4 AND from_me = 0 AND ack = ?5 AND instr(wa_id, ':') = 0 ORDER BY cw_id DESC LIMIT ?6",
        row => row.GetString(0), app, conversation, after, before, NoStatus, limit));

    /// <summary>The Chatwoot ids of messages that were carried from WhatsApp into a conversation, behind one id and up to another.</summary>
    public IReadOnlyList<long> PostedBetween(string app, long conversation, long after, long upTo) => database.Read(c => c.Query(
        "SELECT cw_id FROM chatwoot_messages WHERE app = ?1 AND conversation = ?2 AND cw_id > ?3 AND cw_id <= ?4 AND ack = ?5",
        row => row.GetInt64(0), app, conversation, after, upTo, NoStatus));

    public Task SaveAsync(string app, MappedMessage message, CancellationToken ct) => database.WriteAsync(c => c.Execute(
        "INSERT INTO chatwoot_messages(app, wa_id, chat, from_me, conversation, cw_id, ack, updated, part, participant) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
        + "ON CONFLICT DO UPDATE SET conversation = ?5, cw_id = ?6",
        app, message.WaId, message.Chat, message.IsFromMe ? 1 : 0, message.Conversation, message.CwId, message.Ack, time.GetUtcNow().ToUnixTimeSeconds(),
        message.Part, message.Participant), ct);

    public Task SetAckAsync(string app, string waId, int ack, CancellationToken ct) => database.WriteAsync(c => c.Execute(
        "UPDATE chatwoot_messages SET ack = ?3 WHERE app = ?1 AND wa_id = ?2", app, waId, ack), ct);

    /// <summary>WhatsApp's server has a part of an agent's message; what is known beyond that stays.</summary>
    public Task MarkSentAsync(string app, string waId, CancellationToken ct) => database.WriteAsync(c => c.Execute(
        "UPDATE chatwoot_messages SET ack = 1 WHERE app = ?1 AND wa_id = ?2 AND ack < 1", app, waId), ct);

    /// <summary>Remembers that an agent's message did not reach WhatsApp, so that a retry is known as one.</summary>
    public Task MarkFailedAsync(string app, string waId, long conversation, long cwId, CancellationToken ct) => database.WriteAsync(c => c.Execute(
        "INSERT INTO chatwoot_messages(app, wa_id, chat, from_me, conversation, cw_id, ack, updated) VALUES(?1, ?2, '', 1, ?3, ?4, -1, ?5) ON CONFLICT DO UPDATE SET ack = -1, updated = ?5",
        app, waId, conversation, cwId, time.GetUtcNow().ToUnixTimeSeconds()), ct);

    private static MappedMessage Shape(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetInt64(2) != 0, row.GetInt64(3), row.GetInt64(4), row.GetInt32(5))
        {
            UpdatedAtSeconds = row.GetInt64(6),
            Part = row.GetInt32(7),
            Participant = row.IsDBNull(8) ? null : row.GetString(8),
        };
}
