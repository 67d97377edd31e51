using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Engine.Messages.Details;

/// <summary>Fields as senders fill them: empty is as good as absent, and what is malformed is not told.</summary>
internal static class Texts
{
    public static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;

    public static byte[]? Filled(ByteString bytes) => bytes.IsEmpty ? null : bytes.ToByteArray();

    /// <summary>An address without its device.</summary>
    public static Jid? Address(string? text) => Jid.TryParse(text, out var jid) && jid.User.Length > 0 ? jid.ToUser() : null;

    /// <summary>Unix seconds; null for 0, which is how senders say nothing.</summary>
    public static DateTimeOffset? Time(long seconds) => seconds is > 0 and < uint.MaxValue ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
