namespace Footbridge.Protocol.Signal;

/// <summary>Public keys with and without the type byte <c>05</c>.</summary>
public static class SignalKeys
{
    public const byte Type = 5;
    public const int TypedKeyBytes = 33;

    /// <summary>33 bytes: the type and the key.</summary>
    public static byte[] WithType(ReadOnlySpan<byte> publicKey) => [Type, .. publicKey];

    /// <summary>The bare 32 bytes of a key given with or without its type.</summary>
    /// <exception cref="SignalException">It is neither.</exception>
    public static byte[] WithoutType(ReadOnlySpan<byte> key) => key.Length switch
    {
        Curve25519.KeyBytes => key.ToArray(),
        TypedKeyBytes when key[0] == Type => key[1..].ToArray(),
        _ => throw new SignalException(SignalError.InvalidKey, $"a public key of {key.Length} bytes"),
    };
}
