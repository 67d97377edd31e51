using System.Security.Cryptography;
using System.Text;

namespace Footbridge.Server.Webhooks;

/// <summary>The signature by which a receiver knows that a body is from here: HMAC-SHA512 in hex.</summary>
internal static class WebhookSignature
{
    public const string Algorithm = "sha512";

    public static string Of(ReadOnlySpan<byte> body, string key) => Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(key), body));
}
