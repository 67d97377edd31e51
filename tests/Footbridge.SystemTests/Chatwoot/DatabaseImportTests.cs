using System.Text.Json.Nodes;
using Footbridge.Jobs.Sqlite;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Messages of the past in Chatwoot's own database, with the dates they were written at.</summary>
public sealed class DatabaseImportTests : PullTest
{
    private const int Contact = 55;
    private const int Conversation = 9001;
    private NpgsqlConnection _database = null!;
    private SimConversation _ana = null!;

    protected override async Task PrepareAsync()
    {
        await World.LinkAsync("shop", Shop, Ct);
        var server = await PostgresServer.SharedAsync();
        (var url, _database) = await server.CreateAsync(ChatwootTables.Sql, Ct);
        await CallAsync("POST", "/api/apps", App(change: app => app["config"]!["footbridge"] = new JsonObject { ["database"] = url }), 201);
        World.PointWebhook("shop");
        await AnaWritesAsync("hello");
        _ana = Chatwoot.ConversationOf(Customer)!;
        await RunAsync($"INSERT INTO contacts(id, account_id, created_at, updated_at) VALUES({Contact}, 1, now(), now())");
        await RunAsync(FormattableString.Invariant($"INSERT INTO conversations(id, account_id, inbox_id, display_id, contact_id, created_at, updated_at) VALUES({Conversation}, 1, 3, {_ana.Id}, {Contact}, now(), now())"));
        await RunAsync($"INSERT INTO messages(content, account_id, inbox_id, conversation_id, message_type, created_at, updated_at) VALUES('hello', 1, 3, {Conversation}, 0, date_trunc('second', now()), now())");
    }

    protected override void CleanUp() => _database.Dispose();

    [Fact]
    public async Task They_have_their_true_dates_their_order_their_authors_and_no_callback_tells_of_them()
    {
        var past = Past(AnaChat, "A", 250).ToList();
        await GiveAsync(AnaChat, past);
        await CommandAsync("messages pull");
        Assert.Equal("💬✅ all imported for 1d: 🆕 250 ☑️ 1 ⚪ 0 🔴 0", (await DoneAsync()).Content);
        var rows = await RowsAsync("SELECT source_id, extract(epoch FROM created_at)::bigint, message_type, private, sender_type, sender_id, content FROM messages WHERE source_id IS NOT NULL ORDER BY created_at, id");
        Assert.Equal(past.Select(m => m.Key.Id), rows.Select(row => (string)row[0]));
        Assert.Equal(past.Select(m => (long)m.MessageTimestamp), rows.Select(row => (long)row[1]));
        Assert.Equal((0, false, "Contact", (long)Contact, "old A 0"), ((int)rows[0][2], (bool)rows[0][3], (string)rows[0][4], (long)rows[0][5], (string)rows[0][6]));
        // The phone's own: a note, as live ones are in this app, in the name of the token's owner and without Chatwoot's template signs.
        Assert.Equal((1, true, "User"), ((int)rows[2][2], (bool)rows[2][3], (string)rows[2][4]));
        Assert.Equal(["hello"], Chatwoot.MessagesOf(_ana).Select(m => m.Content));
        Assert.DoesNotContain(Chatwoot.Requests.Entries, entry => entry.Method == "POST" && entry.Body?["source_id"]?.ToString().StartsWith('A') == true);
    }

    [Fact]
    public async Task The_conversation_is_as_chatwoot_would_keep_it_read_so_far_and_as_active_as_its_last_message()
    {
        await GiveAsync(AnaChat, Past(AnaChat, "A", 5));
        await CommandAsync("messages pull");
        await DoneAsync();
        var row = Assert.Single(await RowsAsync(
            $"""
            SELECT c.last_activity_at = (SELECT max(created_at) FROM messages), (SELECT count(*) FROM messages m WHERE m.message_type = 0 AND m.created_at > c.agent_last_seen_at),
                (SELECT last_activity_at FROM contacts WHERE id = {Contact}) = c.agent_last_seen_at FROM conversations c WHERE id = {Conversation}
            """));
        Assert.Equal((true, 1L, true), ((bool)row[0], (long)row[1], (bool)row[2]));
    }

    [Fact]
    public async Task Answers_and_attributes_are_kept_in_chatwoots_own_form()
    {
        var answer = PhoneHistory.Text(AnaChat, "A9", false, Now - 60, "");
        answer.Message = new() { ExtendedTextMessage = new() { Text = "yes, that {{one}}", ContextInfo = new() { StanzaId = "A000", Participant = AnaChat.ToString(), QuotedMessage = new() { Conversation = "old A 0" } } } };
        await GiveAsync(AnaChat, [.. Past(AnaChat, "A", 1), answer]);
        await CommandAsync("messages pull");
        await DoneAsync();
        var rows = await RowsAsync("SELECT id, content, content_attributes #>> '{}' FROM messages WHERE source_id LIKE 'A%' ORDER BY created_at");
        var attributes = JsonNode.Parse((string)rows[1][2])!;
        Assert.Equal(("yes, that {{one}}", (int)rows[0][0], "A000"), ((string)rows[1][1], attributes["in_reply_to"]!.GetValue<int>(), attributes["in_reply_to_external_id"]!.ToString()));
    }

    [Fact]
    public async Task What_was_written_and_not_noted_here_is_found_there_and_not_written_again()
    {
        await GiveAsync(AnaChat, Past(AnaChat, "A", 5));
        await CommandAsync("messages pull");
        await DoneAsync();
        // As after a crash between the two.
        await World.Product.Services.GetRequiredService<SqliteDatabase>().WriteAsync(c => c.Execute("DELETE FROM chatwoot_messages WHERE wa_id LIKE 'A%'"), Ct);
        await CommandAsync("messages pull 2d");
        Assert.Equal("💬✅ all imported for 2d: 🆕 0 ☑️ 6 ⚪ 0 🔴 0", (await SaidAsync(Integration, "imported for 2d")).Content);
        Assert.Equal(5L, (await RowsAsync("SELECT count(*) FROM messages WHERE source_id LIKE 'A%'"))[0][0]);
    }

    [Theory]
    [InlineData("DELETE FROM schema_migrations", "it does not say its version")]
    [InlineData("INSERT INTO schema_migrations VALUES('20300101000000')", "its version 20300101000000 is not among those that are known")]
    [InlineData("DROP TABLE schema_migrations", "it has no table schema_migrations")]
    [InlineData("ALTER TABLE messages DROP COLUMN source_id", "messages.source_id is missing")]
    [InlineData("ALTER TABLE messages ALTER COLUMN content_attributes TYPE jsonb", "messages.content_attributes is jsonb, not json")]
    [InlineData("ALTER TABLE messages ADD COLUMN tenant integer NOT NULL DEFAULT 1; ALTER TABLE messages ALTER COLUMN tenant DROP DEFAULT", "messages.tenant is not known and needs a value")]
    public async Task A_database_that_is_not_as_we_know_it_is_left_alone_with_the_reason_and_the_api_is_used(string change, string reason)
    {
        await RunAsync(change);
        await GiveAsync(AnaChat, Past(AnaChat, "A", 2));
        await CommandAsync("messages pull");
        Assert.Contains(reason, (await SaidAsync(Integration, "The inbox's database cannot be used")).Content!, StringComparison.Ordinal);
        await DoneAsync();
        Assert.Equal(["A000", "A001"], ImportedInto(_ana).Skip(1));
        Assert.Equal(1L, (await RowsAsync("SELECT count(*) FROM messages"))[0][0]);
    }

    [Fact]
    public async Task Behind_a_page_of_newer_messages_nobody_could_scroll_to_the_past_so_it_comes_by_the_api()
    {
        await RunAsync($"INSERT INTO messages(content, account_id, inbox_id, conversation_id, message_type, created_at, updated_at) SELECT 'more', 1, 3, {Conversation}, 0, now(), now() FROM generate_series(1, 19)");
        await GiveAsync(AnaChat, Past(AnaChat, "A", 2));
        await CommandAsync("messages pull");
        Assert.Contains("the conversation has 20 newer messages already", (await SaidAsync(Integration, "database cannot be used")).Content!, StringComparison.Ordinal);
        await DoneAsync();
        Assert.Equal(["A000", "A001"], ImportedInto(_ana).Skip(1));
    }

    [Fact]
    public async Task An_address_that_is_none_is_refused_without_repeating_it()
    {
        var answer = await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["config"]!["footbridge"] = new JsonObject { ["database"] = "mysql://chatwoot:hunter2@db.example/chatwoot" }), 400);
        Assert.Contains("footbridge.database must be an address such as", answer!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", answer.ToJsonString(), StringComparison.Ordinal);
    }

    private Task RunAsync(string sql) => PostgresServer.RunAsync(_database, sql, Ct);

    private async Task<List<object[]>> RowsAsync(string sql)
    {
#pragma warning disable CA2100 // The tests' own statements.
        await using var command = new NpgsqlCommand(sql, _database);
#pragma warning restore CA2100
        var rows = new List<object[]>();
        await using var reader = await command.ExecuteReaderAsync(Ct);
        while (await reader.ReadAsync(Ct))
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }
}
