namespace Footbridge.Protocol.Pairing;

/// <summary>What a linking QR code says. Keys are 32 bytes. Source: docs/protocol/pairing.md.</summary>
public sealed record QrText(string Ref, byte[] NoiseKey, byte[] IdentityKey, byte[] AdvSecret, string? ClientType)
{
    public const string Prefix = "https://wa.me/settings/linked_devices#";

    /// <summary>The client type of an ordinary browser, Chrome.</summary>
    public const string Chrome = "1";

    public override string ToString() =>
        $"{Prefix}{Ref},{Convert.ToBase64String(NoiseKey)},{Convert.ToBase64String(IdentityKey)},{Convert.ToBase64String(AdvSecret)},{ClientType ?? Chrome}";

    /// <summary>Reads all forms in use: with or without the address in front, with or without the client type.</summary>
    /// <exception cref="ProtocolException">The text is no linking code.</exception>
    public static QrText Parse(string text)
    {
        if (text.StartsWith(Prefix, StringComparison.Ordinal)) text = text[Prefix.Length..];
        var parts = text.Split(',');
        if (parts.Length is not (4 or 5) || parts[0].Length == 0) throw new ProtocolException("the text is no linking code");
        return new(parts[0], Key(parts[1]), Key(parts[2]), Key(parts[3]), parts.Length == 5 ? parts[4] : null);
    }

    private static byte[] Key(string text)
    {
        var key = new byte[32];
        return Convert.TryFromBase64String(text, key, out var length) && length == key.Length ? key : throw new ProtocolException("a key in the linking code is not 32 bytes");
    }
}
