using System.Text.Json;
using System.Text.Json.Nodes;

namespace Footbridge.SystemTests.Api;

/// <summary>WAHA's published contract with the corrections that its errors need (section 12 of the API specification).</summary>
internal sealed class OpenApi
{
    private readonly JsonObject _document;

    private OpenApi(JsonObject document) => _document = document;

    /// <summary>WAHA's; null when the contracts are not beside the repository.</summary>
    public static OpenApi? Load() => Load("waha-openapi-2026.7.1.json", Patch);

    /// <summary>Chatwoot's own, with the errors put right that its code disproves (section 13 of the account of its API).</summary>
    public static OpenApi? LoadChatwoot() => Load("chatwoot-swagger.json", schemas =>
    {
        var message = schemas["conversation_message_create_payload"]!.AsObject();
        message.Remove("required");
        message["properties"]!["message_type"]!["enum"] = new JsonArray("outgoing", "incoming", "activity", "template");
    });

    /// <summary>A test that needs the contract is skipped where it is not there, and fails so on CI.</summary>
    public static void Require(OpenApi? contract)
    {
        if (contract is null && Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail("the contracts ../shared/contracts are not there");
        Assert.SkipWhen(contract is null, "the contracts are not beside the repository (../shared/contracts)");
    }

    private static OpenApi? Load(string name, Action<JsonObject> patch)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Footbridge.slnx"))) root = root.Parent;
        var file = Path.Combine(root!.Parent!.FullName, "shared", "contracts", name);
        if (!File.Exists(file)) return null;
        var document = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        patch(document["components"]!["schemas"]!.AsObject());
        return new(document);
    }

    /// <summary>All operations, method and path.</summary>
    public IEnumerable<(string Method, string Path)> Operations =>
        from path in _document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where operation.Key is "get" or "post" or "put" or "delete" or "patch"
        select (operation.Key.ToUpperInvariant(), path.Key);

    public bool Knows(string method, string path) => _document["paths"]?[path]?[method.ToLowerInvariant()] is not null;

    /// <summary>What is wrong with an answer; empty when it fits.</summary>
    public IReadOnlyList<string> Check(string method, string path, int status, JsonNode? body)
    {
        var operation = _document["paths"]![path]?[method.ToLowerInvariant()];
        if (operation is null) return [$"the contract has no {method} {path}"];
        if (operation["responses"]![$"{status}"] is not { } response) return [$"the contract has no {status} for {method} {path}"];
        var errors = new List<string>();
        if (response["content"]?["application/json"]?["schema"] is JsonObject schema) Check(schema, body, "$", errors);
        return errors;
    }

    /// <summary>What is wrong with a request's body.</summary>
    public IReadOnlyList<string> CheckRequest(string method, string template, JsonNode? body)
    {
        var operation = _document["paths"]![template]?[method.ToLowerInvariant()];
        if (operation is null) return [$"the contract has no {method} {template}"];
        var errors = new List<string>();
        if (operation["requestBody"]?["content"]?["application/json"]?["schema"] is JsonObject schema) Check(schema, body, "$", errors);
        return errors;
    }

    public IReadOnlyList<string> CheckSchema(string name, JsonNode? body)
    {
        var errors = new List<string>();
        Check(_document["components"]!["schemas"]![name]!.AsObject(), body, "$", errors);
        return errors;
    }

    private static void Patch(JsonObject schemas)
    {
        Nullable(schemas, "SessionInfo", "me", "presence");
        Nullable(schemas, "MeInfo", "lid", "jid", "pushName");
        Nullable(schemas, "WAHAEnvironment", "browser");
        Nullable(schemas, "WAHAPresenceData", "lastSeen");
        Nullable(schemas, "ChatPictureResponse", "url");
        Nullable(schemas, "LidToPhoneNumber", "lid", "pn");
        Nullable(schemas, "WAMessage", "to", "participant", "body", "media", "mediaUrl", "ack", "ackName", "source", "location", "replyTo", "author");
        schemas["SessionInfo"]!["properties"]!["presence"]!.AsObject()["type"] = "string";
        schemas["SessionInfo"]!["properties"]!.AsObject()["engine"] = new JsonObject { ["type"] = "object" };
        schemas["WAMessage"]!["properties"]!["ackName"] = new JsonObject { ["type"] = "string" };
        var message = schemas["WAMessage"]!.AsObject();
        var optional = new[] { "to", "participant", "body", "mediaUrl", "ack", "ackName", "source", "location", "replyTo", "author", "media" };
        message["required"] = new JsonArray([.. message["required"]!.AsArray().Where(r => !optional.Contains(r!.ToString())).Select(r => r!.DeepClone())]);
    }

    private static void Nullable(JsonObject schemas, string schema, params string[] properties)
    {
        foreach (var name in properties)
        {
            if (schemas[schema]!["properties"]![name] is not JsonObject property) continue;
            // A reference is wrapped, because what stands beside $ref is ignored.
            if (property["$ref"] is not null) schemas[schema]!["properties"]![name] = new JsonObject { ["allOf"] = new JsonArray(property.DeepClone()), ["nullable"] = true };
            else property["nullable"] = true;
        }
    }

    private void Check(JsonObject schema, JsonNode? value, string at, List<string> errors)
    {
        if (schema["$ref"] is { } reference) schema = _document["components"]!["schemas"]![reference.ToString().Split('/')[^1]]!.AsObject();
        if (value is null)
        {
            if (schema["nullable"]?.GetValue<bool>() != true && schema["type"] is not null) errors.Add($"{at} is null");
            return;
        }

        foreach (var part in schema["allOf"] as JsonArray ?? []) Check(part!.AsObject(), value, at, errors);
        if (schema["oneOf"] is JsonArray any && !any.Any(option => Fits(option!.AsObject(), value))) errors.Add($"{at} fits none of the shapes");
        if (schema["enum"] is JsonArray allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value))) errors.Add($"{at} is {value.ToJsonString()}, none of {allowed.ToJsonString()}");
        CheckType(schema["type"]?.ToString(), value, at, errors);
        if (value is JsonObject body) CheckObject(schema, body, at, errors);
        if (value is JsonArray list && schema["items"] is JsonObject items)
        {
            for (var i = 0; i < list.Count; i++) Check(items, list[i], $"{at}[{i}]", errors);
        }
    }

    private bool Fits(JsonObject schema, JsonNode value)
    {
        var errors = new List<string>();
        Check(schema, value, "$", errors);
        return errors.Count == 0;
    }

    private void CheckObject(JsonObject schema, JsonObject body, string at, List<string> errors)
    {
        foreach (var name in schema["required"] as JsonArray ?? [])
        {
            if (!body.ContainsKey(name!.ToString())) errors.Add($"{at}.{name} is missing");
        }

        var properties = schema["properties"] as JsonObject ?? [];
        foreach (var (name, value) in body)
        {
            if (properties[name] is JsonObject property) Check(property, value, $"{at}.{name}", errors);
            else if (schema["additionalProperties"] is JsonObject other) Check(other, value, $"{at}.{name}", errors);
        }
    }

    private static void CheckType(string? type, JsonNode value, string at, List<string> errors)
    {
        var kind = value.GetValueKind();
        var fits = type switch
        {
            null => true,
            "object" => kind == JsonValueKind.Object,
            "array" => kind == JsonValueKind.Array,
            "string" => kind == JsonValueKind.String,
            "number" or "integer" => kind == JsonValueKind.Number,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            _ => throw new NotSupportedException(type),
        };
        if (!fits) errors.Add($"{at} is {kind}, not {type}");
    }
}
