using System.Collections.Frozen;
using System.Text.Json;

namespace Footbridge.Protocol.Xml;

/// <summary>The token tables of dictionary version 3. Source: docs/protocol/binary-xml.md.</summary>
internal static class Tokens
{
    private const int TableSize = 256;
    private static readonly string[] Singles;
    private static readonly string[] Doubles;
    private static readonly FrozenDictionary<string, ushort> Codes;

    static Tokens()
    {
        using var stream = typeof(Tokens).Assembly.GetManifestResourceStream("tokens.json")
            ?? throw new InvalidOperationException("the token tables are missing from the assembly");
        using var json = JsonDocument.Parse(stream);
        Singles = [.. json.RootElement.GetProperty("single").EnumerateArray().Select(e => e.GetString()!)];
        Doubles = [.. json.RootElement.GetProperty("double").EnumerateArray().SelectMany(t => t.EnumerateArray()).Select(e => e.GetString()!)];
        var codes = new Dictionary<string, ushort>(Singles.Length + Doubles.Length, StringComparer.Ordinal);
        for (var i = 1; i < Singles.Length; i++) codes.Add(Singles[i], (ushort)i);
        for (var i = 0; i < Doubles.Length; i++) codes.Add(Doubles[i], (ushort)((Tag.DoubleToken0 + i / TableSize) << 8 | i % TableSize));
        Codes = codes.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The token of a single byte, 1 to 235.</summary>
    public static string Single(byte code) =>
        code > 0 && code < Singles.Length ? Singles[code] : throw new ProtocolException($"unknown token {code}");

    /// <summary>The token of a byte pair whose first byte is 236 to 239.</summary>
    public static string Double(byte table, byte index)
    {
        var i = (table - Tag.DoubleToken0) * TableSize + index;
        return i < Doubles.Length ? Doubles[i] : throw new ProtocolException($"unknown token {table},{index}");
    }

    /// <summary>The code of a string: below 256 one byte, else two bytes, high first.</summary>
    public static bool TryGetCode(string text, out ushort code) => Codes.TryGetValue(text, out code);
}
