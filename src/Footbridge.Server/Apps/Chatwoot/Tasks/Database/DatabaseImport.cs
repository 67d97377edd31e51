using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Server.Security;
using Npgsql;
using NpgsqlTypes;

namespace Footbridge.Server.Apps.Chatwoot.Tasks.Database;

/// <summary>The conversation cannot have its past written into the database; its message says why.</summary>
internal sealed class UnfitConversationException(string message) : Exception(message);

/// <summary>Writes messages into a Chatwoot's database with the dates they were written at, a batch in one transaction. Chatwoot hears nothing of it: no notification, automation or bot.</summary>
internal static class DatabaseImport
{
    /// <summary>
    /// Chatwoot's pages go by ids, so what is behind a page of messages with smaller ids is never shown: with so many newer ones in the conversation already, its past would lie
    /// where nobody can scroll to.
    /// </summary>
    public const int PageSize = 20;

    private const int Incoming = 0;
    private const int Outgoing = 1;

    /// <exception cref="UnknownSchemaException">It is none that we know.</exception>
    /// <exception cref="NpgsqlException">It cannot be reached, or lets us not in.</exception>
    public static async Task<NpgsqlConnection> OpenAsync(string address, bool mayBePrivate, CancellationToken ct)
    {
        await GuardAsync(address, mayBePrivate, ct);
        var connection = new NpgsqlConnection(address);
        try
        {
            await connection.OpenAsync(ct);
            await ChatwootSchema.CheckAsync(connection, ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whatever Chatwoot itself must not be at, its database must not be at either.</summary>
    private static async Task GuardAsync(string address, bool mayBePrivate, CancellationToken ct)
    {
        var host = new NpgsqlConnectionStringBuilder(address).Host!;
        var addresses = await Dns.GetHostAddressesAsync(host, ct);
        if (!addresses.All(found => AddressGuard.IsAllowed(found, mayBePrivate))) throw new UnknownSchemaException($"the address of {host} must not be called");
    }

    /// <param name="agent">Whose name stands at the account's own messages; null when that is not known.</param>
    /// <returns>The ids of all of them in Chatwoot, in order, and which were there before.</returns>
    /// <exception cref="UnfitConversationException">Nothing was written.</exception>
    public static async Task<IReadOnlyList<Posted>> WriteAsync(
        NpgsqlConnection connection, ChatwootConfig config, long displayId, IReadOnlyList<DatabaseMessage> messages, long? agent, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var conversation = await LockAsync(connection, config, displayId, ct);
        var there = await FindAsync(connection, conversation.Id, messages, ct);
        if (there.Count < messages.Count) await CheckPlaceAsync(connection, conversation.Id, messages[^1].At, ct);
        var written = new List<Posted>(messages.Count);
        foreach (var message in messages)
        {
            if (there.TryGetValue(message.SourceId, out var id))
            {
                written.Add(new(id, WasThere: true));
                continue;
            }

            var reply = message.ReplyTo is { } to ? to.Id ?? (there.TryGetValue(to.SourceId, out var known) ? known : null) : null;
            id = await InsertAsync(connection, config, conversation, message, (reply, agent), ct);
            there[message.SourceId] = id;
            written.Add(new(id, WasThere: false));
        }

        await SettleAsync(connection, conversation, messages[^1].At, ct);
        await transaction.CommitAsync(ct);
        return written;
    }

    private static async Task<Conversation> LockAsync(NpgsqlConnection connection, ChatwootConfig config, long displayId, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT id, inbox_id, contact_id FROM conversations WHERE account_id = $1 AND display_id = $2 FOR UPDATE", connection)
        {
            Parameters = { new() { Value = (int)config.AccountId }, new() { Value = (int)displayId } },
        };
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct)) throw new UnfitConversationException($"it has no conversation {displayId} of account {config.AccountId}; is it this Chatwoot's?");
        if (row.GetInt32(1) != config.InboxId) throw new UnfitConversationException($"conversation {displayId} is of inbox {row.GetInt32(1)} there; is it this Chatwoot's?");
        return new(row.GetInt32(0), row.GetInt64(2));
    }

    private static async Task<Dictionary<string, long>> FindAsync(NpgsqlConnection connection, int conversation, IReadOnlyList<DatabaseMessage> messages, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT source_id, id FROM messages WHERE source_id = ANY($2) AND conversation_id = $1", connection)
        {
            Parameters = { new() { Value = conversation }, new() { Value = messages.Select(message => message.SourceId).ToArray() } },
        };
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) found[rows.GetString(0)] = rows.GetInt32(1);
        return found;
    }

    private static async Task CheckPlaceAsync(NpgsqlConnection connection, int conversation, DateTimeOffset last, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT count(*) FROM messages WHERE conversation_id = $1 AND created_at > $2", connection)
        {
            Parameters = { new() { Value = conversation }, Moment(last) },
        };
        if (await command.ExecuteScalarAsync(ct) is long newer and >= PageSize)
        {
            throw new UnfitConversationException($"the conversation has {newer} newer messages already, behind which older ones could not be scrolled to");
        }
    }

    private static async Task<long> InsertAsync(
        NpgsqlConnection connection, ChatwootConfig config, Conversation conversation, DatabaseMessage message, (long? Reply, long? Agent) links, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO messages(content, processed_message_content, account_id, inbox_id, conversation_id, message_type, created_at, updated_at, private, status, source_id,
                content_type, content_attributes, sender_type, sender_id)
            VALUES($1, $1, $2, $3, $4, $5, $6, $6, $7, 0, $8, 0, $9, $10, $11) RETURNING id
            """,
            connection)
        {
            Parameters =
            {
                // PostgreSQL's texts hold no such character.
                Text(message.Content?.Replace("\0", "", StringComparison.Ordinal)), new() { Value = (int)config.AccountId }, new() { Value = (int)config.InboxId }, new() { Value = conversation.Id },
                new() { Value = message.IsIncoming ? Incoming : Outgoing }, Moment(message.At), new() { Value = message.IsPrivate }, Text(message.SourceId),
                new() { Value = Attributes(message, links.Reply), NpgsqlDbType = NpgsqlDbType.Json },
                Text(message.IsIncoming ? "Contact" : links.Agent is null ? null : "User"),
                new() { Value = (message.IsIncoming ? conversation.Contact : links.Agent) ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
            },
        };
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>As Chatwoot keeps them: an object as the text of a JSON string.</summary>
    private static string Attributes(DatabaseMessage message, long? reply)
    {
        var attributes = new JsonObject { ["external_created_at"] = message.At.ToUnixTimeSeconds() };
        if (message.IsEcho) attributes["external_echo"] = true;
        if (reply is { } id) (attributes["in_reply_to"], attributes["in_reply_to_external_id"]) = (id, message.ReplyTo!.Value.SourceId);
        return JsonSerializer.Serialize(attributes.ToJsonString());
    }

    /// <summary>What Chatwoot would have kept of these messages: they are read, and the last of all counts as the conversation's activity.</summary>
    private static async Task SettleAsync(NpgsqlConnection connection, Conversation conversation, DateTimeOffset last, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            UPDATE conversations SET last_activity_at = (SELECT max(created_at) FROM messages WHERE conversation_id = $1),
                agent_last_seen_at = GREATEST(agent_last_seen_at, $2), assignee_last_seen_at = GREATEST(assignee_last_seen_at, $2) WHERE id = $1
            """,
            connection)
        {
            Parameters = { new() { Value = conversation.Id }, Moment(last) },
        };
        await command.ExecuteNonQueryAsync(ct);
        await using var contact = new NpgsqlCommand("UPDATE contacts SET last_activity_at = GREATEST(last_activity_at, $2) WHERE id = $1", connection)
        {
            Parameters = { new() { Value = (int)conversation.Contact }, Moment(last) },
        };
        await contact.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Moment(DateTimeOffset at) => new() { Value = DateTime.SpecifyKind(at.UtcDateTime, DateTimeKind.Unspecified), NpgsqlDbType = NpgsqlDbType.Timestamp };

    /// <param name="Id">In the database; what people and the API call its id is another number.</param>
    private readonly record struct Conversation(int Id, long Contact);
}
