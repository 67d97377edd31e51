using System.Security.Cryptography;
using System.Text;

namespace Footbridge.Engine.Messages;

/// <summary>Ids of outgoing messages: <c>3EB0</c> and 18 upper-case hex digits. Source: docs/protocol/messages.md.</summary>
public static class MessageIds
{
    private const string WebPrefix = "3EB0";
    private const int HashBytes = 9;

    public static string Random() => WebPrefix + Convert.ToHexString(RandomNumberGenerator.GetBytes(HashBytes));

    /// <summary>The same id for the same seed, so that a second try of one job sends the same message.</summary>
    public static string Derive(string seed) =>
        WebPrefix + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(seed)).AsSpan(0, HashBytes));
}
