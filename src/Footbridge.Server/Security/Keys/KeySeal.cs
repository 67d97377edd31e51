using System.Security.Cryptography;
using System.Text;
using Footbridge.Server.Config;

namespace Footbridge.Server.Security.Keys;

/// <summary>Encrypts keys for the database under a key file beside it. Source: docs/decisions/0015-api-keys.md.</summary>
internal sealed class KeySeal
{
    private const string FileName = "api-keys.key";
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly byte[] _key;

    private KeySeal(byte[] key) => _key = key;

    /// <summary>Reads the key file, and makes it when there is none.</summary>
    /// <exception cref="SettingException">The file is not 32 bytes long.</exception>
    public static KeySeal Open(Settings settings)
    {
        var path = Path.Combine(settings.DataFolder, FileName);
        if (File.Exists(path)) return File.ReadAllBytes(path) is { Length: KeyBytes } read ? new(read) : throw new SettingException($"{path} is not {KeyBytes} bytes long", null);
        var made = RandomNumberGenerator.GetBytes(KeyBytes);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(made);
        file.Flush(flushToDisk: true);
        return new(made);
    }

    /// <param name="id">Bound to it: a sealed key cannot be put into another row.</param>
    public byte[] Seal(string id, string key)
    {
        var plain = Encoding.UTF8.GetBytes(key);
        var blob = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(blob.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(blob.AsSpan(0, NonceBytes), plain, blob.AsSpan(NonceBytes, plain.Length), blob.AsSpan(^TagBytes), Encoding.UTF8.GetBytes(id));
        return blob;
    }

    /// <summary>Null when it was sealed under another key file.</summary>
    public string? Open(string id, ReadOnlySpan<byte> blob)
    {
        if (blob.Length < NonceBytes + TagBytes) return null;
        var plain = new byte[blob.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(_key, TagBytes);
        try
        {
            aes.Decrypt(blob[..NonceBytes], blob[NonceBytes..^TagBytes], blob[^TagBytes..], plain, Encoding.UTF8.GetBytes(id));
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
