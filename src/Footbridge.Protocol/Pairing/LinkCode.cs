using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Footbridge.Protocol.Pairing;

/// <summary>The code of eight characters that links a device by phone number, and what is sealed with it. Source: docs/protocol/pairing.md.</summary>
public static class LinkCode
{
    /// <summary>Bytes of a wrapped key: salt 32, counter block 16, key 32.</summary>
    public const int WrappedBytes = SaltBytes + CounterBytes + KeyBytes;

    /// <summary>How long a phone takes a code.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(180);

    private const int SaltBytes = 32;
    private const int CounterBytes = 16;
    private const int KeyBytes = 32;
    private const int Iterations = 131_072;

    public static string Create() => PairingAlphabet.Encode(RandomNumberGenerator.GetBytes(PairingAlphabet.CodeBytes));

    /// <summary>Reads a code as people write it: any case, with or without the hyphen in the middle.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? code)
    {
        code = text?.Replace("-", "", StringComparison.Ordinal).Trim().ToUpperInvariant();
        if (code is { Length: PairingAlphabet.CodeLength } && code.All(c => PairingAlphabet.Characters.Contains(c, StringComparison.Ordinal))) return true;
        code = null;
        return false;
    }

    /// <summary>As phones and people write it: <c>ABCD-1234</c>.</summary>
    public static string Show(string code) => $"{code[..4]}-{code[4..]}";

    /// <summary>PBKDF2-HMAC-SHA256 of the code, 131,072 rounds: some tens of milliseconds.</summary>
    public static byte[] DeriveKey(string code, ReadOnlySpan<byte> salt) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(code), salt, Iterations, HashAlgorithmName.SHA256, KeyBytes);

    /// <summary>Seals a public key for whoever knows the code. There is no authentication: a wrong code shows later, when the bundle does not open.</summary>
    public static byte[] Wrap(string code, ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != KeyBytes) throw new ProtocolException($"a key of {publicKey.Length} bytes instead of {KeyBytes}");
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var counter = RandomNumberGenerator.GetBytes(CounterBytes);
        return [.. salt, .. counter, .. Ctr(DeriveKey(code, salt), counter, publicKey)];
    }

    /// <exception cref="ProtocolException">The bytes are not a wrapped key's.</exception>
    public static byte[] Unwrap(string code, ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length != WrappedBytes) throw new ProtocolException($"a wrapped key of {wrapped.Length} bytes instead of {WrappedBytes}");
        return Ctr(DeriveKey(code, wrapped[..SaltBytes]), wrapped.Slice(SaltBytes, CounterBytes), wrapped[(SaltBytes + CounterBytes)..]);
    }

    /// <summary>AES-256 in counter mode, which the platform does not have; its own inverse.</summary>
    private static byte[] Ctr(byte[] key, ReadOnlySpan<byte> firstBlock, ReadOnlySpan<byte> data)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        Span<byte> counter = stackalloc byte[CounterBytes];
        Span<byte> stream = stackalloc byte[CounterBytes];
        firstBlock.CopyTo(counter);
        var output = data.ToArray();
        for (var start = 0; start < output.Length; start += CounterBytes)
        {
            aes.EncryptEcb(counter, stream, PaddingMode.None);
            for (var i = 0; i < CounterBytes && start + i < output.Length; i++) output[start + i] ^= stream[i];
            for (var i = CounterBytes - 1; i >= 0 && ++counter[i] == 0; i--)
            {
                // The carry goes on to the next byte.
            }
        }

        CryptographicOperations.ZeroMemory(key);
        return output;
    }
}
