using System.Runtime.InteropServices;
using System.Text;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Bench.Hostile;

/// <summary>Addresses as text, from stanzas and from callers of the API.</summary>
internal static class JidTargets
{
    private static readonly string[] Parts =
        ["@", ":", ".", "0", "99", "65536", "5511999999999", "s.whatsapp.net", "lid", "c.us", "g.us", "hosted", "-", "_", " ", "\0", "é", "٣", "\ud83d\ude00", "\ud800"];

    public static IEnumerable<HostileTarget> Create(int seed)
    {
        yield return new("jid", new(seed, Samples(), Special), ParseJid);
        yield return new("chat id", new(seed, [.. Samples(), "5511999999999"u8.ToArray()], Special), ParseChatId);
    }

    private static object? ParseJid(byte[] input)
    {
        var text = TextOf(input);
        var isJid = Jid.TryParse(text, out var jid);
        if (!isJid) return Jid.Parse(text);
        return Jid.TryParse(jid.ToString(), out var again) && again == jid ? text : throw new InvalidOperationException("the jid's text is another jid");
    }

    private static object? ParseChatId(byte[] input) => WahaIds.ParseChatId(TextOf(input)) is not { } jid ? null
        : Jid.TryParse(jid.ToString(), out var again) && again == jid ? jid : throw new InvalidOperationException("the address's text is not the address");

    /// <summary>UTF-8 with its errors replaced, or UTF-16 as it is, which may be broken.</summary>
    private static string TextOf(byte[] input) => input.Length % 8 == 7 ? new(MemoryMarshal.Cast<byte, char>(input)) : Encoding.UTF8.GetString(input);

    private static byte[][] Samples() =>
        [.. new[] { "5511999999999:7@s.whatsapp.net", "123456789012345.1:99@lid", "120363000000000001@g.us", "status@broadcast", "s.whatsapp.net" }.Select(Encoding.UTF8.GetBytes)];

    private static byte[] Special(Random random)
    {
        if (random.Next(20) == 0) return [.. Enumerable.Repeat((byte)('0' + random.Next(10)), random.Next(50_000))];
        var text = new StringBuilder();
        for (var n = random.Next(10); n >= 0; n--) text.Append(Parts[random.Next(Parts.Length)]);
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
