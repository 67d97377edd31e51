using System.Globalization;
using Npgsql;

namespace Footbridge.Server.Apps.Chatwoot.Tasks.Database;

/// <summary>Chatwoot's database is not as we know it.</summary>
internal sealed class UnknownSchemaException(string message) : Exception(message);

/// <summary>Looks whether a database is one of a Chatwoot whose tables we know, so that nothing is ever written into another.</summary>
/// <remarks>Source: Chatwoot's db/schema.rb of August 2025. Versions from 4.0 to 4.15 are taken for alike until a column says otherwise.</remarks>
internal static class ChatwootSchema
{
    /// <summary>Of the oldest and the newest version that is taken for known.</summary>
    private const long Oldest = 2024_12_01_000000;

    /// <inheritdoc cref="Oldest"/>
    private const long Newest = 2026_06_30_235959;

    private static readonly Dictionary<(string Table, string Column), string> Known = new()
    {
        [("messages", "id")] = "integer",
        [("messages", "content")] = "text",
        [("messages", "processed_message_content")] = "text",
        [("messages", "account_id")] = "integer",
        [("messages", "inbox_id")] = "integer",
        [("messages", "conversation_id")] = "integer",
        [("messages", "message_type")] = "integer",
        [("messages", "created_at")] = "timestamp without time zone",
        [("messages", "updated_at")] = "timestamp without time zone",
        [("messages", "private")] = "boolean",
        [("messages", "status")] = "integer",
        [("messages", "source_id")] = "text",
        [("messages", "content_type")] = "integer",
        [("messages", "content_attributes")] = "json",
        [("messages", "sender_type")] = "text",
        [("messages", "sender_id")] = "bigint",
        [("conversations", "id")] = "integer",
        [("conversations", "account_id")] = "integer",
        [("conversations", "inbox_id")] = "integer",
        [("conversations", "display_id")] = "integer",
        [("conversations", "contact_id")] = "bigint",
        [("conversations", "last_activity_at")] = "timestamp without time zone",
        [("conversations", "agent_last_seen_at")] = "timestamp without time zone",
        [("conversations", "assignee_last_seen_at")] = "timestamp without time zone",
        [("contacts", "id")] = "integer",
        [("contacts", "last_activity_at")] = "timestamp without time zone",
    };

    /// <exception cref="UnknownSchemaException">Something is not as we know it; its message says what.</exception>
    public static async Task CheckAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await CheckVersionAsync(connection, ct);
        await CheckColumnsAsync(connection, ct);
        await CheckTriggersAsync(connection, ct);
    }

    private static async Task CheckVersionAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass('schema_migrations') IS NOT NULL", connection);
        if (await command.ExecuteScalarAsync(ct) is not true) throw new UnknownSchemaException("it has no table schema_migrations");
        command.CommandText = "SELECT max(version) FROM schema_migrations";
        var written = await command.ExecuteScalarAsync(ct) as string;
        if (!long.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var version)) throw new UnknownSchemaException("it does not say its version");
        if (version is < Oldest or > Newest) throw new UnknownSchemaException($"its version {version} is not among those that are known ({Oldest} to {Newest})");
    }

    private static async Task CheckColumnsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT table_name, column_name, CASE data_type WHEN 'character varying' THEN 'text' ELSE data_type END,
                is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'
            FROM information_schema.columns WHERE table_schema = 'public' AND table_name IN ('messages', 'conversations', 'contacts')
            """,
            connection);
        var missing = Known.Keys.ToHashSet();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var column = (Table: rows.GetString(0), Column: rows.GetString(1));
            if (Known.TryGetValue(column, out var type) && type != rows.GetString(2)) throw new UnknownSchemaException($"{column.Table}.{column.Column} is {rows.GetString(2)}, not {type}");
            if (!missing.Remove(column) && column.Table == "messages" && rows.GetBoolean(3)) throw new UnknownSchemaException($"messages.{column.Column} is not known and needs a value");
        }

        if (missing.Count > 0) throw new UnknownSchemaException($"{missing.First().Table}.{missing.First().Column} is missing");
    }

    private static async Task CheckTriggersAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT trigger_name FROM information_schema.triggers WHERE event_object_schema = 'public' AND event_object_table = 'messages' LIMIT 1", connection);
        if (await command.ExecuteScalarAsync(ct) is string trigger) throw new UnknownSchemaException($"messages has a trigger, {trigger}");
    }
}
