using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.Api;
using Footbridge.Simulator.WhatsApp.Phone;
using Google.Protobuf;

namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>What Chatwoot and phones got while a row was played.</summary>
internal static class Recording
{
    private const string Last = "that was all";

    /// <summary>Of something that people do on their phones: what Chatwoot was asked.</summary>
    public static async Task<string> OfPhonesAsync(RowWorld home, Func<Row, Task> play, CancellationToken ct)
    {
        var (row, requests) = (new Row(home, ct), home.World.Chatwoot.Requests);
        var before = requests.Entries.Count;
        await play(row);
        // A chat's events are carried in order: what the row had to bring has been posted before this.
        var last = await row.WritesAsync(Last);
        var told = requests.Entries.Skip(before).TakeWhile(entry => SourceOf(entry) != last.SourceId);
        return new PlainNames(home).Text(new() { ["chatwoot"] = Told(told) });
    }

    /// <summary>Of something that an agent does: what phones got, and what Chatwoot was told of that.</summary>
    public static async Task<string> OfAgentAsync(RowWorld home, Func<Row, Task> play, CancellationToken ct)
    {
        var (row, requests) = (new Row(home, ct), home.World.Chatwoot.Requests);
        var (before, had, read) = (requests.Entries.Count, row.Ana.Messages.Count, row.Ana.Receipts.Count);
        await play(row);
        // A conversation's callbacks are carried in order, too.
        var last = await row.Chatwoot.AgentReplyAsync(row.Conversation.Id, Last);
        await row.HasStatusAsync(last, "delivered");
        var got = row.Watched.SelectMany(phone => phone.Messages.Skip(phone == row.Ana ? had : 0)).Where(message => !message.IsFromMe && message.Text != Last);
        var receipts = row.Ana.Receipts.Skip(read).Where(receipt => receipt.Type != "delivery");
        var told = requests.Entries.Skip(before).Where(entry => !entry.Path.EndsWith($"/messages/{last}", StringComparison.Ordinal));
        return new PlainNames(home).Text(new()
        {
            ["whatsapp"] = new JsonArray([.. got.Select(Shape), .. receipts.Select(Shape)]),
            ["chatwoot"] = Told(told),
        });
    }

    /// <summary>Of commands: what is answered, and then what else came of them, which has a road of its own.</summary>
    public static async Task<string> OfCommandsAsync(RowWorld home, Func<Row, Task> play, CancellationToken ct)
    {
        var (row, requests) = (new Row(home, ct), home.World.Chatwoot.Requests);
        var before = requests.Entries.Count;
        await play(row);
        await row.FinishCommandsAsync();
        var told = requests.Entries.Skip(before).Where(entry => !Row.IsAnswerToLast(entry.Body?["content"]?.ToString()) && !IsOfSession(entry));
        return new PlainNames(home).Text(new() { ["chatwoot"] = Told(told.OrderBy(entry => !SourceOf(entry).StartsWith("job_", StringComparison.Ordinal))) });
    }

    /// <summary>Of something that goes wrong: all that Chatwoot was asked, what it refused as well. The row waits for what is told of it.</summary>
    public static async Task<string> OfErrorsAsync(RowWorld home, Func<Row, Task> play, CancellationToken ct)
    {
        var (row, requests) = (new Row(home, ct), home.World.Chatwoot.Requests);
        var before = requests.Entries.Count;
        await play(row);
        row.Chatwoot.Faults.OnRequest = null;
        var last = await row.WritesAsync(Last);
        var told = requests.Entries.Skip(before).Where(entry => SourceOf(entry) != last.SourceId && !IsOfSession(entry));
        return new PlainNames(home).Text(new() { ["chatwoot"] = Told(told) });
    }

    /// <summary>That the session's state changes is told whoever changes it, at its own time: with its event's id, or as a code without one.</summary>
    private static bool IsOfSession(JournalEntry entry) => SourceOf(entry).StartsWith("evt_", StringComparison.Ordinal) || (entry.Parts.Count > 0 && entry.Parts.All(part => part.Name != "private"));

    private static string SourceOf(JournalEntry entry) => entry.Body?["source_id"]?.ToString() ?? "";

    /// <summary>Whether the inbox is as it should be is looked at every four minutes: a question in the integration conversation, and a note of what is not.</summary>
    private static bool IsByTheClock(JournalEntry entry) => entry.Path.EndsWith("/custom_attributes", StringComparison.Ordinal) || SourceOf(entry).StartsWith("footbridge_drift_", StringComparison.Ordinal);

    /// <summary>What was only read changes nothing. States of messages come by a road of their own, beside everything else.</summary>
    private static JsonArray Told(IEnumerable<JournalEntry> entries) => [.. entries.Where(entry => entry.Method != "GET" && !IsByTheClock(entry)).OrderBy(entry => entry.Method == "PATCH").Select(Shape)];

    private static JsonObject Shape(JournalEntry entry)
    {
        var shape = new JsonObject { ["request"] = $"{entry.Method} {entry.Path}" };
        if (entry.Body is { } body) shape["body"] = body.DeepClone();
        if (entry.Parts.Count > 0) shape["form"] = new JsonObject(entry.Parts.GroupBy(part => part.Name).Select(parts => KeyValuePair.Create(parts.Key, Shape([.. parts]))));
        return shape;
    }

    private static JsonNode? Shape(JournalPart[] parts) => parts switch
    {
        [{ FileName: null, Value: ['{', ..] value }] => JsonNode.Parse(value),
        [{ FileName: null, Value: { } value }] => value,
        _ => new JsonArray([.. parts.Select(ShapeFile)]),
    };

    /// <summary>The picture of a code has another size each time.</summary>
    private static JsonObject ShapeFile(JournalPart file) =>
        new() { ["file"] = file.FileName, ["type"] = file.ContentType, ["bytes"] = file.FileName is "qr.png" or "screenshot.png" ? "{bytes}" : file.Bytes };

    private static JsonObject Shape(PhoneMessage message) =>
        new() { ["id"] = message.Id, ["chat"] = message.Chat.ToString(), ["message"] = JsonNode.Parse(JsonFormatter.Default.Format(message.Content)) };

    private static JsonObject Shape(PhoneReceipt receipt) => new() { ["receipt"] = receipt.Type, ["id"] = receipt.MessageId };
}
