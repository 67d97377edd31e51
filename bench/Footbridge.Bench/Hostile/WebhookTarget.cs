using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Apps;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Config;

namespace Footbridge.Bench.Hostile;

/// <summary>Bodies that reach the webhook's address: nobody proves to be Chatwoot, so no body may raise anything.</summary>
internal static class WebhookTarget
{
    private const string Created =
        """
        {"event":"message_created","id":42,"content":"Olá **you** \u2713","content_type":"text","message_type":"outgoing","private":false,"source_id":null,
        "content_attributes":{"in_reply_to":41},"account":{"id":1,"name":"Demo"},"created_at":"2026-11-24T12:00:00Z","attachments":[],
        "conversation":{"id":7,"inbox_id":3,"meta":{"sender":{"id":9,"name":"Zoë","phone_number":"+5511999999999","custom_attributes":{"waha_whatsapp_chat_id":"5511999999999@c.us"}}}}}
        """;

    private const string Updated =
        """{"event":"message_updated","id":42,"content":"again","updated_at":1795354462,"content_attributes":{"external_error":null},"conversation":{"id":7}}""";

    private static readonly string[] Values =
        ["null", "true", "-1", "1e400", "9223372036854775808", "0.5", "\"\"", "\"\\ud800\"", "\"\u00e9\"", "[]", "{}", "[{}]", "{\"id\":{}}", "{\"id\":1,\"id\":2}", "\"message_updated\"", "\"0\"", "\"/status\""];

    private static readonly AppRecord App = new("app_1", "default", AppRecord.Chatwoot, true, []);

    /// <summary>What decides on bodies, with one message on record that could not be sent, so that a retry of it is taken.</summary>
    public static async Task<WebhookJobs> JobsAsync(SqliteDatabase database, CancellationToken ct)
    {
        var map = new MessageMap(database, TimeProvider.System);
        await map.SaveAsync(App.Id, new("3EB0", "1@lid", true, 7, 42, (int)AckLevel.Error), ct);
        var settings = Settings.From(_ => null);
        return new(new Queues(settings), map, settings);
    }

    public static HostileTarget Create(int seed, WebhookJobs jobs) =>
        new("webhook JSON", new(seed, [Encoding.UTF8.GetBytes(Created), Encoding.UTF8.GetBytes(Updated)], Special), input => Parse(jobs, input), MayThrow: false);

    private static object? Parse(WebhookJobs jobs, byte[] input)
    {
        if (ChatwootWebhook.Parse(input) is not { } body || jobs.DeliveryFor(App, body) is not { } delivery) return null;
        // What was accepted must also come out of the queue again, with every value readable.
        var stored = InboxData.Read(delivery.Job.Payload);
        Visit(stored.Body);
        return delivery;
    }

    private static void Visit(JsonNode? node)
    {
        if (node is JsonObject parent) foreach (var (_, child) in parent) Visit(child);
        else if (node is JsonArray list) foreach (var item in list) Visit(item);
        else _ = node?.ToString();
    }

    private static byte[] Special(Random random) => random.Next(4) switch
    {
        0 => Replaced(random),
        1 => Encoding.UTF8.GetBytes("{\"event\":" + string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? "[" : "{\"a\":", random.Next(1, 5000)))),
        2 => Nested(random.Next(1, 70)),
        _ => [.. "{\"event\":\"message_created\",\"id\":1,\"conversation\":{\"id\":2},\"content\":\""u8, 0xC3, (byte)random.Next(256), .. "\"}"u8],
    };

    /// <summary>A valid body with one value of another kind.</summary>
    private static byte[] Replaced(Random random)
    {
        var body = random.Next(2) == 0 ? Created : Updated;
        var colons = body.Select((c, i) => (c, i)).Where(p => p.c == ':' && body[p.i - 1] == '"').Select(p => p.i).ToList();
        var at = colons[random.Next(colons.Count)] + 1;
        var end = body.IndexOfAny([',', '}'], at);
        return Encoding.UTF8.GetBytes(body[..at] + Values[random.Next(Values.Length)] + body[end..]);
    }

    private static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(
        "{\"event\":\"message_created\",\"id\":1,\"conversation\":{\"id\":2},\"x\":" + string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth)) + "}");
}
