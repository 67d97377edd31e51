using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Footbridge.Server.Sessions.Events;

/// <summary>An event as webhooks and sockets get it: WAHA's envelope, to the letter. Source: docs/webhooks.md.</summary>
internal static class Envelope
{
    // As JavaScript's JSON.stringify: letters of all languages as they are. Nobody puts these bytes into a page.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="metadata">The session's own, as configured; left out when there is none.</param>
    public static JsonObject Of(PublicEvent publicEvent, JsonObject? metadata)
    {
        var envelope = new JsonObject
        {
            ["id"] = publicEvent.Id,
            ["timestamp"] = publicEvent.Timestamp,
            ["event"] = publicEvent.Event,
            ["session"] = publicEvent.Session,
        };
        if (metadata is { Count: > 0 }) envelope["metadata"] = metadata.DeepClone();
        if (publicEvent.Me is { } me) envelope["me"] = Describe(me);
        envelope["payload"] = publicEvent.Payload.DeepClone();
        envelope["engine"] = publicEvent.Engine;
        envelope["environment"] = Describe(publicEvent.Environment);
        return envelope;
    }

    /// <summary>The bytes that are sent, and that a signature is made of.</summary>
    public static byte[] Write(JsonObject envelope)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Compact)) envelope.WriteTo(writer);
        return bytes.ToArray();
    }

    private static JsonObject Describe(MeInfo me)
    {
        var described = new JsonObject { ["id"] = me.Id, ["pushName"] = me.PushName };
        if (me.Lid is not null) described["lid"] = me.Lid;
        if (me.Jid is not null) described["jid"] = me.Jid;
        return described;
    }

    private static JsonObject Describe(EnvironmentInfo environment) => new()
    {
        ["version"] = environment.Version,
        ["engine"] = environment.Engine,
        ["tier"] = environment.Tier,
        ["browser"] = environment.Browser,
        ["platform"] = environment.Platform,
        ["worker"] = new JsonObject { ["id"] = environment.Worker.Id },
    };
}
