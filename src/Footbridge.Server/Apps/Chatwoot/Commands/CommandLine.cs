namespace Footbridge.Server.Apps.Chatwoot.Commands;

/// <summary>A command as an agent wrote it: prefix, markup, line breaks and capitals do not count.</summary>
internal static class CommandLine
{
    public const string Prefix = "wa/";

    /// <summary>Each with its short form.</summary>
    private static readonly (string Name, string Alias)[] Commands =
    [
        ("status", "1"), ("restart", "2"), ("start", "3"), ("stop", "4"), ("logout", "5"), ("qr", "6"), ("queue", "q"), ("help", "help"),
    ];

    /// <summary>The command's name, or what was written when it is none.</summary>
    public static string Read(string content)
    {
        var line = string.Join(' ', content.Split('\n').Select(part => part.TrimStart())).Trim();
        if (line.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) line = line[Prefix.Length..];
        // Phones begin a message with a capital.
        var words = new string([.. line.Where(c => !"*_~`".Contains(c, StringComparison.Ordinal))]).ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["queue" or "q", ..]) return string.Join(' ', ["queue", .. words is [.., "help" or "--help" or "-h"] ? ["help"] : words[1..]]);
        if (words is ["help", "queue" or "q"]) return "queue help";
        if (words is [] or ["help", ..] or [.., "help" or "--help" or "-h"]) return "help";
        if (words.Length > 1) return string.Join(' ', words);
        return Commands.FirstOrDefault(c => c.Name == words[0] || c.Alias == words[0]).Name ?? words[0];
    }

    /// <summary>The command that was probably meant, or null.</summary>
    public static string? Nearest(string written)
    {
        var best = Commands.Select(c => (c.Name, Distance: Distance(c.Name, written))).MinBy(c => c.Distance);
        return best.Distance <= Math.Max(1, best.Name.Length / 2) ? best.Name : null;
    }

    /// <summary>How many letters have to be put in, taken out or replaced.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
