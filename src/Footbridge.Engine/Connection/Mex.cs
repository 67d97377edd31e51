using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Connection;

/// <summary>One version of a stored GraphQL document.</summary>
/// <param name="Number">By which the server knows it.</param>
/// <param name="Path">Where the result stands in the answer's data.</param>
internal sealed record MexDocument(string Number, JsonObject Variables, string Path);

/// <summary>Queries in WhatsApp's GraphQL, each named by the number of a stored document. Source: docs/protocol/message-kinds.md.</summary>
internal sealed class Mex(ILink link, WaClientOptions options)
{
    // The account's rights and the pace do not change with the document: no older one is tried after these.
    private static readonly int[] Final = [401, 403, 409, 429];

    // A property that stands twice would only show when somebody looks into its object.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Runs a document and returns what stands under <paramref name="path"/> in its data; null when there is no object.</summary>
    /// <param name="documents">Numbers of the document, newest first: an older one is tried when the server does not know the newer.</param>
    /// <exception cref="QueryFailedException">The server refused each of them.</exception>
    /// <exception cref="ProtocolException">The answer is not JSON of the right shape.</exception>
    public async Task<JsonObject?> QueryAsync(IReadOnlyList<string> documents, JsonObject variables, string path, CancellationToken ct) =>
        await QueryAsync([.. documents.Select(number => new MexDocument(number, variables, path))], ct) as JsonObject;

    /// <summary>The same for a document whose versions differ in their variables or results.</summary>
    /// <inheritdoc cref="QueryAsync(IReadOnlyList{string}, JsonObject, string, CancellationToken)"/>
    public async Task<JsonNode?> QueryAsync(IReadOnlyList<MexDocument> versions, CancellationToken ct)
    {
        QueryFailedException? refusal = null;
        foreach (var version in versions)
        {
            try
            {
                return await QueryAsync(version, ct);
            }
            catch (QueryFailedException e) when (!Final.Contains(e.Code))
            {
                // What one version says of the matter tells more than that another version is not known.
                if (refusal is null || IsOfDocument(refusal)) refusal = e;
            }
        }

        throw refusal ?? throw new ArgumentException("no document is named", nameof(versions));
    }

    private async Task<JsonNode?> QueryAsync(MexDocument document, CancellationToken ct)
    {
        var body = new JsonObject { ["variables"] = document.Variables.DeepClone() }.ToJsonString();
        var answer = await link.QueryAsync(
            Iq.Get("w:mex", Node.OfBytes("query", [("query_id", document.Number)], Encoding.UTF8.GetBytes(body))),
            options.QueryTimeout, ct);
        var result = answer.Child("result");
        if (result?["format"] is { } format && format != "json") throw new ProtocolException($"a query result in the form '{format}'");
        var json = Parse(result?.ContentBytes ?? throw new ProtocolException("a query result without content"));
        if (json["errors"] is JsonArray { Count: > 0 } errors) throw new QueryFailedException(CodeOf(errors[0] as JsonObject), (errors[0] as JsonObject)?["message"]?.ToString() ?? "");
        return (json["data"] as JsonObject)?[document.Path];
    }

    internal static JsonObject Parse(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes)) throw new ProtocolException("a query result that is no UTF-8");
        try
        {
            var parsed = JsonNode.Parse(bytes, documentOptions: Strict) as JsonObject ?? throw new ProtocolException("a query result that is no object");
            // An escaped half of a surrogate pair only shows when it is read.
            using var nowhere = new Utf8JsonWriter(Stream.Null);
            parsed.WriteTo(nowhere);
            return parsed;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ProtocolException("a query result that is no JSON", e);
        }
    }

    private static bool IsOfDocument(QueryFailedException e) => e.Text.Contains("document", StringComparison.OrdinalIgnoreCase);

    private static int CodeOf(JsonObject? error) => (error?["extensions"] as JsonObject)?["error_code"] is JsonValue value && value.TryGetValue<int>(out var code) ? code : 0;
}
