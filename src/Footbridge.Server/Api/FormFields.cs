using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api;

/// <summary>Urlencoded fields as an object: <c>config[metadata][a]=b</c> nests, <c>apps[]=x</c> lists.</summary>
internal static class FormFields
{
    private const int MaxDepth = 8;

    public static JsonObject Nest(IFormCollection form)
    {
        var root = new JsonObject();
        foreach (var (key, values) in form)
        {
            var path = key.Replace("]", "", StringComparison.Ordinal).Split('[');
            if (path.Length > MaxDepth) throw new InvalidRequestException($"{path[0]} is nested too deeply");
            foreach (var value in values) Put(root, path, value ?? "");
        }

        return root;
    }

    private static void Put(JsonObject root, string[] path, string value)
    {
        var parent = root;
        for (var i = 0; i < path.Length - 1; i++)
        {
            if (path[i + 1].Length == 0 && i == path.Length - 2)
            {
                if (parent[path[i]] is not JsonArray list) parent[path[i]] = list = [];
                list.Add(value);
                return;
            }

            if (parent[path[i]] is not JsonObject child) parent[path[i]] = child = [];
            parent = child;
        }

        parent[path[^1]] = value;
    }
}
