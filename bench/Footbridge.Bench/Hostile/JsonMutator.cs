using System.Text;

namespace Footbridge.Bench.Hostile;

/// <summary>Changes the structure of JSON text: a value of another kind, a name that stands twice, a part within itself.</summary>
internal static class JsonMutator
{
    private const int MaxDepth = 200;

    private static readonly string[] Values =
    [
        "null", "true", "-1", "1e400", "9223372036854775808", "0.5", "\"\"", "\"\\ud800\"", "\"\u00e9\"", "[]", "{}", "[{}]", "[null]", "{\"id\":{}}", "{\"id\":1,\"id\":2}", "{\"\\ud800\":1}", "\"0\"", "\"ON\"",
        "\"120363000000000009@newsletter\"", "\"@newsletter\"", "\"9223372036854775808\"",
    ];

    public static byte[] Mutate(Random random, byte[] json, byte[] donor)
    {
        var text = Encoding.UTF8.GetString(json);
        var colons = Enumerable.Range(1, Math.Max(0, text.Length - 1)).Where(i => text[i] == ':' && text[i - 1] == '"').ToList();
        if (colons.Count == 0) return donor;
        var at = colons[random.Next(colons.Count)] + 1;
        var end = EndOf(text, at);
        var name = text[(text.LastIndexOf('"', Math.Max(0, at - 3)) is >= 0 and var quote ? quote : at)..at];
        return Encoding.UTF8.GetBytes(random.Next(5) switch
        {
            0 => text[..end] + "," + name + Values[random.Next(Values.Length)] + text[end..],
            1 => text[..at] + Nested(random, text[at..end]) + text[end..],
            2 => text[..at] + "[" + text[at..end] + "," + text[at..end] + "]" + text[end..],
            _ => text[..at] + Values[random.Next(Values.Length)] + text[end..],
        });
    }

    private static string Nested(Random random, string value)
    {
        var depth = random.Next(1, MaxDepth);
        return random.Next(2) == 0 ? new string('[', depth) + value + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"result\":", depth)) + value + new string('}', depth);
    }

    /// <summary>Where the value that begins at <paramref name="at"/> ends; the text's end when it does not.</summary>
    private static int EndOf(string text, int at)
    {
        var (depth, isQuoted) = (0, false);
        for (var i = at; i < text.Length; i++)
        {
            var c = text[i];
            if (isQuoted && c == '\\') i++;
            else if (c == '"') isQuoted = !isQuoted;
            else if (isQuoted) continue;
            else if (c is '{' or '[') depth++;
            else if (depth == 0 && c is ',' or '}' or ']' && depth == 0) return i;
            else if (c is '}' or ']') depth--;
        }

        return text.Length;
    }
}
