using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Connection;

/// <summary>Queries in WhatsApp's GraphQL, each named by the number of a stored document. Source: docs/protocol/message-kinds.md.</summary>
internal sealed class Mex(ILink link, WaClientOptions options)
{
    /// <summary>Runs a document and returns what stands under <paramref name="path"/> in its data; null when there is nothing.</summary>
    /// <param name="documents">Numbers of the document, newest first: an older one is tried when the server does not know the newer.</param>
    /// <exception cref="QueryFailedException">The server refused each of them.</exception>
    /// <exception cref="ProtocolException">The answer is not JSON of the right shape.</exception>
    public async Task<JsonObject?> QueryAsync(IReadOnlyList<string> documents, JsonObject variables, string path, CancellationToken ct)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                return await QueryAsync(documents[i], variables, path, ct);
            }
            catch (QueryFailedException) when (i < documents.Count - 1)
            {
                // The next number may be the one this server knows.
            }
        }
    }

    private async Task<JsonObject?> QueryAsync(string document, JsonObject variables, string path, CancellationToken ct)
    {
        var body = new JsonObject { ["variables"] = variables.DeepClone() }.ToJsonString();
        var answer = await link.QueryAsync(
            Node.Of("iq", [("type", "get"), ("xmlns", "w:mex"), ("to", Jid.Service)], Node.OfBytes("query", [("query_id", document)], System.Text.Encoding.UTF8.GetBytes(body))),
            options.QueryTimeout, ct);
        var json = Parse(answer.Child("result")?.ContentBytes ?? throw new ProtocolException("a query result without content"));
        if (json["errors"] is JsonArray { Count: > 0 } errors) throw new QueryFailedException(CodeOf(errors[0]), errors[0]?["message"]?.ToString() ?? "");
        return json["data"]?[path] as JsonObject;
    }

    private static JsonObject Parse(byte[] bytes)
    {
        try
        {
            return JsonNode.Parse(bytes) as JsonObject ?? throw new ProtocolException("a query result that is no object");
        }
        catch (JsonException e)
        {
            throw new ProtocolException("a query result that is no JSON", e);
        }
    }

    private static int CodeOf(JsonNode? error) => error?["extensions"]?["error_code"] is JsonValue value && value.TryGetValue<int>(out var code) ? code : 0;
}
