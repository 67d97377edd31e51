using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Footbridge.Server.Config;

namespace Footbridge.Server.Security;

/// <summary>The API key and the password of the job pages, as digests; made at first start when not set.</summary>
internal sealed class Secrets
{
    private const string FileName = "secrets.json";
    private const string HashPrefix = "sha512:";

    /// <summary>Values out of examples, which everybody knows; they count as not set. WAHA's list.</summary>
    private static readonly string[] Weak =
    [
        "123", "321", "waha", "admin", new('0', 32), new('1', 32),
    ];

    private readonly byte[] _apiKey;
    private readonly byte[] _password;
    private readonly byte[]? _viewerPassword;

    private Secrets(byte[] apiKey, byte[] password, byte[]? viewerPassword) => (_apiKey, _password, _viewerPassword) = (apiKey, password, viewerPassword);

    /// <summary>Secrets made just now, to be printed once; null when none were.</summary>
    public (string? ApiKey, string? Password) Generated { get; private init; }

    public static Secrets Open(Settings settings)
    {
        var (apiKey, password) = (Strong(settings.ApiKey), Strong(settings.DashboardPassword));
        Directory.CreateDirectory(settings.DataFolder);
        var path = Path.Combine(settings.DataFolder, FileName);
        var stored = File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), SecretsJson.Default.StoredSecrets) : null;
        var (madeKey, madePassword) = stored is null ? (NewSecret(), NewSecret()) : (null, null);
        if (stored is null)
        {
            stored = new(Hash(madeKey!), Hash(madePassword!));
            File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(stored, SecretsJson.Default.StoredSecrets));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var viewerPassword = Strong(settings.ViewerPassword);
        return new(Digest(apiKey ?? stored.ApiKey), Digest(password ?? stored.DashboardPassword), viewerPassword is null ? null : Digest(viewerPassword))
        {
            Generated = (apiKey is null ? madeKey : null, password is null ? madePassword : null),
        };
    }

    public bool IsApiKey(string? key) => key is not null && CryptographicOperations.FixedTimeEquals(SHA512.HashData(Encoding.UTF8.GetBytes(key)), _apiKey);

    public bool IsPassword(string? password) =>
        password is not null && CryptographicOperations.FixedTimeEquals(SHA512.HashData(Encoding.UTF8.GetBytes(password)), _password);

    public bool IsViewerPassword(string? password) =>
        password is not null && CryptographicOperations.FixedTimeEquals(SHA512.HashData(Encoding.UTF8.GetBytes(password)), _viewerPassword ?? []);

    /// <summary>Changes with what a login rests on, without telling it.</summary>
    public string Stamp(Visitor visitor)
    {
        byte[] secrets = visitor.CanAct ? [.. _apiKey, .. _password] : _viewerPassword ?? [];
        return Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes($"{visitor.Name}|{visitor.Role}|"), .. secrets]))[..32];
    }

    /// <summary>Compares in a time that does not depend on where the two differ.</summary>
    public static bool AreSame(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(SHA512.HashData(Encoding.UTF8.GetBytes(left)), SHA512.HashData(Encoding.UTF8.GetBytes(right)));

    private static string? Strong(string? secret) => Weak.Contains(secret, StringComparer.Ordinal) ? null : secret;

    private static string NewSecret() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private static string Hash(string secret) => HashPrefix + Convert.ToHexStringLower(SHA512.HashData(Encoding.UTF8.GetBytes(secret)));

    private static byte[] Digest(string value)
    {
        if (!value.StartsWith(HashPrefix, StringComparison.Ordinal)) return SHA512.HashData(Encoding.UTF8.GetBytes(value));
        try
        {
            var digest = Convert.FromHexString(value.AsSpan(HashPrefix.Length));
            return digest.Length == SHA512.HashSizeInBytes ? digest : throw new SettingException("a sha512: secret is not 128 hex digits", null);
        }
        catch (FormatException e)
        {
            throw new SettingException("a sha512: secret is not hex", e);
        }
    }
}

internal sealed record StoredSecrets(string ApiKey, string DashboardPassword);

[JsonSerializable(typeof(StoredSecrets))]
internal sealed partial class SecretsJson : JsonSerializerContext;
