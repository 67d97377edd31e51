using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.Bench.Hostile;

/// <summary>Changes the structure of an encoded node: attributes and children are dropped, doubled, renamed, nested, made extreme or taken from another node.</summary>
internal static class NodeMutator
{
    private const int MaxRepeats = 50;
    private const int MaxDepth = 20;

    private static readonly AttributeValue[] Values =
    [
        "", "0", "-1", "1", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e9", "0x10", " 1", "\0", "@", "@lid", "@g.us", "a@b@c", "true", "on", "all", "none", "add", "modify",
        "status@broadcast", "s.whatsapp.net", "5511999999999@s.whatsapp.net", "1@newsletter", "1-2@g.us", "\u202e", new string('9', 300), new string('x', 5000),
        new Jid("", JidServer.User), new Jid("5511000000001", JidServer.User, 3), new Jid("100000000000001", JidServer.Lid), new Jid("5511999999999", JidServer.User, 99), new Jid("200000000000002", JidServer.Lid, 1),
        new Jid("120363000000000001", JidServer.Group), new Jid("status", JidServer.Broadcast), new Jid("1", JidServer.Hosted, 99), new Jid("", JidServer.Group),
    ];

    /// <summary>Bytes that are no node are exchanged for the donor.</summary>
    public static byte[] Mutate(Random random, byte[] encoded, byte[] donor) => TryDecode(encoded) is { } node && TryDecode(donor) is { } other
        ? NodeWriter.Encode(Mutate(random, node, other)) : donor;

    private static Node Mutate(Random random, Node node, Node donor)
    {
        if (node.Children.Count > 0 && random.Next(3) != 0)
        {
            var children = node.Children.ToList();
            var at = random.Next(children.Count);
            if (random.Next(2) == 0) children[at] = Mutate(random, children[at], donor);
            else ChangeChildren(random, children, at, node, donor);
            return node.WithChildren([.. children]);
        }

        return random.Next(6) switch
        {
            0 => Content(random, node, donor),
            1 => Make(AnyOf(random, donor).Tag, node),
            _ => WithAttributes(random, node, donor),
        };
    }

    private static void ChangeChildren(Random random, List<Node> children, int at, Node parent, Node donor)
    {
        switch (random.Next(5))
        {
            case 0:
                children.RemoveAt(at);
                break;
            case 1:
                children.InsertRange(at, Enumerable.Repeat(children[at], random.Next(1, MaxRepeats)));
                break;
            case 2:
                var other = random.Next(children.Count);
                (children[at], children[other]) = (children[other], children[at]);
                break;
            case 3:
                var nested = parent;
                for (var n = random.Next(MaxDepth); n > 0; n--) nested = Node.Of(children[at].Tag, nested);
                children[at] = nested;
                break;
            default:
                children.Insert(at, AnyOf(random, donor));
                break;
        }
    }

    private static Node WithAttributes(Random random, Node node, Node donor)
    {
        var attributes = node.Attributes.ToList();
        var source = random.Next(3) == 0 ? AnyOf(random, donor).Attributes : [];
        if (attributes.Count == 0 || source.Count > 0) attributes.Add(source.Count > 0 ? source[random.Next(source.Count)] : new("id", Values[random.Next(Values.Length)]));
        var at = random.Next(attributes.Count);
        switch (random.Next(5))
        {
            case 0: attributes.RemoveAt(at); break;
            case 1: attributes.Insert(at, new(attributes[at].Key, Values[random.Next(Values.Length)])); break;
            case 2: attributes[at] = new(attributes[at].Key, attributes[random.Next(attributes.Count)].Value); break;
            default: attributes[at] = new(attributes[at].Key, Values[random.Next(Values.Length)]); break;
        }

        return Node.FromParts(node.Tag, [.. attributes], [.. node.Children], node.Bytes, node.Text);
    }

    private static Node Content(Random random, Node node, Node donor)
    {
        var bytes = new byte[random.Next(4) switch { 0 => 0, 1 => 32, _ => random.Next(200) }];
        random.NextBytes(bytes);
        return random.Next(4) switch
        {
            0 => Node.FromParts(node.Tag, [.. node.Attributes], [], bytes, null),
            1 => Node.FromParts(node.Tag, [.. node.Attributes], [], null, Values[random.Next(Values.Length)].ToString()),
            2 => Node.FromParts(node.Tag, [.. node.Attributes], [], AnyOf(random, donor).ContentBytes, null),
            _ => Node.FromParts(node.Tag, [.. node.Attributes], [AnyOf(random, donor)], null, null),
        };
    }

    private static Node Make(string tag, Node node) => Node.FromParts(tag, [.. node.Attributes], [.. node.Children], node.Bytes, node.Text);

    private static Node AnyOf(Random random, Node node)
    {
        while (node.Children.Count > 0 && random.Next(3) != 0) node = node.Children[random.Next(node.Children.Count)];
        return node;
    }

    private static Node? TryDecode(byte[] encoded)
    {
        try
        {
            return NodeReader.Decode(encoded);
        }
        catch (ProtocolException)
        {
            return null;
        }
    }
}
