using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Chatwoot's signature under a callback (4.13 and later): <c>sha256=</c> and the HMAC of the time, a dot and the body, in hex.</summary>
internal static class CallbackSignature
{
    public const string Header = "X-Chatwoot-Signature";
    public const string TimeHeader = "X-Chatwoot-Timestamp";

    /// <summary>How far the time of a signature may be from ours: an older one may be a copy.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private const string Scheme = "sha256=";

    /// <summary>Why a signature does not hold, or null when it does.</summary>
    /// <param name="body">The bytes as they came.</param>
    public static string? Fault(string secret, string? signature, string? timestamp, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(signature)) return "there is no signature";
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()) return "there is no time of signing";
        var given = signature.StartsWith(Scheme, StringComparison.Ordinal) ? signature[Scheme.Length..] : "";
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(given), Encoding.ASCII.GetBytes(Of(secret, timestamp, body)))) return "the signature is of another secret or body";
        return (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Window ? "the signature is too old, or the clocks differ" : null;
    }

    private static string Of(string secret, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(timestamp + "."));
        hmac.AppendData(body);
        return System.Convert.ToHexStringLower(hmac.GetHashAndReset());
    }
}
