using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Footbridge.Jobs.Redis;

/// <summary>One Lua script, put together from its file and the parts it uses.</summary>
/// <remarks>
/// A file says in its first lines which keys it touches (<c>-- keys:</c>) and on which part it builds (<c>-- uses:</c>). The keys of
/// all of them become <c>KEYS</c>, and one local variable each (<c>kJobs</c>), so a script cannot touch a key that is not declared.
/// </remarks>
internal sealed class RedisScript
{
    private static readonly FrozenDictionary<string, string> Files = ReadFiles();

    private RedisScript(string name)
    {
        var (parts, keys) = (new List<string>(), new List<string>());
        Collect(name, parts, keys);
        Keys = keys;
        var locals = string.Join(", ", keys.Select(key => $"k{char.ToUpperInvariant(key[0])}{key[1..]}"));
        var values = string.Join(", ", Enumerable.Range(1, keys.Count).Select(i => $"KEYS[{i}]"));
        Text = $"local {locals} = {values}\n{string.Concat(parts)}";
        // Redis names a script by its SHA-1; nothing here is kept secret or trusted by it.
#pragma warning disable CA5350
        Hash = SHA1.HashData(Encoding.UTF8.GetBytes(Text));
#pragma warning restore CA5350
    }

    public string Text { get; }

    /// <summary>The name under which the server keeps it.</summary>
    public byte[] Hash { get; }

    /// <summary>Names of the keys it touches, without the prefix, in the order of <c>KEYS</c>.</summary>
    public IReadOnlyList<string> Keys { get; }

    public static RedisScript Load(string name) => new(name);

    private static void Collect(string name, List<string> parts, List<string> keys)
    {
        var text = Files[name];
        var lines = text.Split('\n');
        foreach (var part in Words(lines, "-- uses: ")) Collect(part, parts, keys);
        keys.AddRange(Words(lines, "-- keys: ").Except(keys).ToArray());
        // Comments stay here; the server would parse them for nothing.
        parts.Add(string.Concat(lines.Where(line => !line.TrimStart().StartsWith("--", StringComparison.Ordinal)).Select(line => line + "\n")));
    }

    private static IEnumerable<string> Words(string[] lines, string label) =>
        lines.Where(line => line.StartsWith(label, StringComparison.Ordinal)).SelectMany(line => line[label.Length..].Split(' '));

    private static FrozenDictionary<string, string> ReadFiles()
    {
        var assembly = typeof(RedisScript).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.EndsWith(".lua", StringComparison.Ordinal)).ToFrozenDictionary(
            name => Path.GetFileNameWithoutExtension(name),
            name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return reader.ReadToEnd();
            },
            StringComparer.Ordinal);
    }
}
