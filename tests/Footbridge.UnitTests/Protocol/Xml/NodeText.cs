using System.Text;
using System.Text.Json;
using Footbridge.Protocol.Xml;

namespace Footbridge.UnitTests.Protocol.Xml;

/// <summary>One text for a node, however it was encoded, so that trees are compared and not bytes.</summary>
internal static class NodeText
{
    public static string Of(Node node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    public static Node FromJson(JsonElement json)
    {
        var attributes = json.GetProperty("attrs").EnumerateObject().Select(a => (a.Name, (AttributeValue)a.Value.GetString())).ToArray();
        var tag = json.GetProperty("tag").GetString()!;
        if (!json.TryGetProperty("content", out var content)) return Node.Of(tag, attributes);
        return content.ValueKind switch
        {
            JsonValueKind.Array => Node.Of(tag, attributes, content.EnumerateArray().Select(FromJson).ToArray()),
            JsonValueKind.String => Node.OfText(tag, attributes, content.GetString()!),
            _ => Node.OfBytes(tag, attributes, content.Hex("hex")),
        };
    }

    private static void Append(StringBuilder text, Node node)
    {
        text.Append('<').Append(node.Tag);
        foreach (var (key, value) in node.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal)) text.Append(' ').Append(key).Append('=').Append(value);
        text.Append('>');
        if (node.ContentBytes is { } bytes) text.Append(Convert.ToHexString(bytes));
        foreach (var child in node.Children) Append(text, child);
        text.Append("</>");
    }
}
