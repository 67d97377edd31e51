using System.Globalization;
using System.Text;

namespace Footbridge.Protocol.Xml;

/// <summary>One XML-like element of the binary codec: a tag, attributes, and no content, bytes, text or child nodes.</summary>
/// <remarks>
/// Immutable by convention: arrays given in are not copied and must not be changed afterwards.
/// On the wire, text content may arrive as a token (text) or as bytes; <see cref="ContentText"/> and
/// <see cref="ContentBytes"/> accept both. Source: docs/protocol/binary-xml.md.
/// </remarks>
public sealed class Node
{
    private static readonly KeyValuePair<string, AttributeValue>[] NoAttributes = [];
    private readonly KeyValuePair<string, AttributeValue>[] _attributes;
    private readonly Node[] _children;

    private Node(string tag, KeyValuePair<string, AttributeValue>[] attributes, Node[] children, byte[]? bytes, string? text)
    {
        (Tag, _attributes, _children, Bytes, Text) = (tag, attributes, children, bytes, text);
    }

    public string Tag { get; }

    public IReadOnlyList<KeyValuePair<string, AttributeValue>> Attributes => _attributes;

    public IReadOnlyList<Node> Children => _children;

    /// <summary>Content that was written as bytes, else null.</summary>
    public byte[]? Bytes { get; }

    /// <summary>Content that was written as a string, else null.</summary>
    public string? Text { get; }

    /// <summary>The content as bytes, whichever way it was written; null when there is none or it is child nodes.</summary>
    public byte[]? ContentBytes => Bytes ?? (Text is null ? null : Encoding.UTF8.GetBytes(Text));

    /// <summary>The content as text, whichever way it was written; null when there is none or it is child nodes.</summary>
    public string? ContentText => Text ?? (Bytes is null ? null : Encoding.UTF8.GetString(Bytes));

    /// <summary>An attribute's text, or null when it is absent.</summary>
    public string? this[string key]
    {
        get
        {
            foreach (var (name, value) in _attributes)
            {
                if (name == key) return value.ToString();
            }

            return null;
        }
    }

    /// <summary>A node with children; null children and absent attributes are left out.</summary>
    public static Node Of(string tag, ReadOnlySpan<(string Key, AttributeValue Value)> attributes, params ReadOnlySpan<Node?> children) =>
        new(tag, Keep(attributes), Keep(children), null, null);

    /// <summary>A node without attributes.</summary>
    public static Node Of(string tag, params ReadOnlySpan<Node?> children) => new(tag, NoAttributes, Keep(children), null, null);

    public static Node OfBytes(string tag, ReadOnlySpan<(string Key, AttributeValue Value)> attributes, byte[] content) =>
        new(tag, Keep(attributes), [], content, null);

    public static Node OfBytes(string tag, byte[] content) => new(tag, NoAttributes, [], content, null);

    public static Node OfText(string tag, ReadOnlySpan<(string Key, AttributeValue Value)> attributes, string content) =>
        new(tag, Keep(attributes), [], null, content);

    public static Node OfText(string tag, string content) => new(tag, NoAttributes, [], null, content);

    /// <summary>For the reader: parts that are already arrays.</summary>
    internal static Node FromParts(string tag, KeyValuePair<string, AttributeValue>[] attributes, Node[] children, byte[]? bytes, string? text) =>
        new(tag, attributes, children, bytes, text);

    /// <summary>The same node with one attribute set, replaced, or (absent value) removed.</summary>
    public Node With(string key, AttributeValue value)
    {
        var kept = new List<KeyValuePair<string, AttributeValue>>(_attributes.Length + 1);
        foreach (var pair in _attributes)
        {
            if (pair.Key != key) kept.Add(pair);
        }

        if (!value.IsAbsent) kept.Add(new(key, value));
        return new(Tag, [.. kept], _children, Bytes, Text);
    }

    /// <summary>The same node with other children.</summary>
    public Node WithChildren(params ReadOnlySpan<Node?> children) => new(Tag, _attributes, Keep(children), null, null);

    /// <summary>The first child with this tag, or null.</summary>
    public Node? Child(string tag)
    {
        foreach (var child in _children)
        {
            if (child.Tag == tag) return child;
        }

        return null;
    }

    /// <summary>All children with this tag, in order.</summary>
    public IEnumerable<Node> ChildrenOf(string tag) => _children.Where(child => child.Tag == tag);

    /// <summary>Follows first children by tag; null when one is missing.</summary>
    public Node? Path(params ReadOnlySpan<string> tags)
    {
        var node = this;
        foreach (var tag in tags)
        {
            if (node.Child(tag) is not { } next) return null;
            node = next;
        }

        return node;
    }

    /// <summary>An attribute as a jid, or null when it is absent, empty or not a jid.</summary>
    public Jid? JidOf(string key)
    {
        foreach (var (name, value) in _attributes)
        {
            if (name == key) return value.IsJid ? value.Jid : Jid.TryParse(value.ToString(), out var jid) ? jid : null;
        }

        return null;
    }

    /// <summary>An attribute as a whole number, or null when it is absent or not one.</summary>
    public long? LongOf(string key) =>
        long.TryParse(this[key], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>An attribute that must be there.</summary>
    /// <exception cref="ProtocolException">It is not.</exception>
    public string Required(string key) => this[key] ?? throw new ProtocolException($"<{Tag}> lacks the attribute '{key}'");

    /// <summary>An attribute that must be there and be a jid.</summary>
    /// <exception cref="ProtocolException">It is not.</exception>
    public Jid RequiredJid(string key) => JidOf(key) ?? throw new ProtocolException($"<{Tag}> lacks the jid '{key}'");

    /// <summary>Tag and attribute names only, for logs: values and content may be private.</summary>
    public override string ToString() => $"<{Tag} {string.Join(' ', _attributes.Select(pair => pair.Key))}>";

    private static KeyValuePair<string, AttributeValue>[] Keep(ReadOnlySpan<(string Key, AttributeValue Value)> attributes)
    {
        var kept = new List<KeyValuePair<string, AttributeValue>>(attributes.Length);
        foreach (var (key, value) in attributes)
        {
            if (!value.IsAbsent) kept.Add(new(key, value));
        }

        return kept.Count == 0 ? NoAttributes : [.. kept];
    }

    private static Node[] Keep(ReadOnlySpan<Node?> children)
    {
        var kept = new List<Node>(children.Length);
        foreach (var child in children)
        {
            if (child is not null) kept.Add(child);
        }

        return [.. kept];
    }
}
