using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Server.Security.Keys;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api;

/// <summary>A request's body as an object: JSON or urlencoded, as WAHA's clients send either; no body is an empty object.</summary>
internal sealed record RequestBody(JsonObject Json)
{
    public static async ValueTask<RequestBody> BindAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.HasFormContentType) return Checked(context, FormFields.Nest(await request.ReadFormAsync(context.RequestAborted)));
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, context.RequestAborted);
        return Checked(context, bytes.Length == 0 ? [] : Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }

    /// <summary>A body that names a session names the one of the key: handlers take the body's before the address's.</summary>
    private static RequestBody Checked(HttpContext context, JsonObject json)
    {
        if (ApiCaller.Of(context) is { IsAdmin: false } caller && Body.Text(json, "session") is { Length: > 0 } session) caller.RequireSession(session);
        return new(json);
    }

    private static JsonObject Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var parsed = JsonNode.Parse(body) as JsonObject ?? throw new InvalidRequestException("the body must be a JSON object");
            // A property that stands twice only shows when the object is first looked into.
            _ = parsed.Count;
            return parsed;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // The parser's own message may quote the body, which may hold a token.
            throw new InvalidRequestException("the body is not valid JSON");
        }
    }
}
