using System.Security.Cryptography;

namespace Footbridge.Protocol.Noise;

/// <summary>An established connection's two ciphers. Encrypting and decrypting may run at the same time, each in one place.</summary>
public sealed class NoiseTransport : IDisposable
{
    private readonly AesGcm _write;
    private readonly AesGcm _read;
    private uint _written;
    private uint _readCount;

    internal NoiseTransport(byte[] writeKey, byte[] readKey)
    {
        _write = new AesGcm(writeKey, NoiseCipher.TagBytes);
        _read = new AesGcm(readKey, NoiseCipher.TagBytes);
        CryptographicOperations.ZeroMemory(writeKey);
        CryptographicOperations.ZeroMemory(readKey);
    }

    /// <summary>Seals the next frame's plaintext.</summary>
    /// <exception cref="InvalidOperationException">2^32 frames have been written: the connection must be made anew.</exception>
    public byte[] Encrypt(ReadOnlySpan<byte> plaintext) => NoiseCipher.Encrypt(_write, Next(ref _written), plaintext, []);

    /// <summary>Opens the next frame.</summary>
    /// <exception cref="ProtocolException">It was not sealed by the other side, or not in this order.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> frame) => NoiseCipher.Decrypt(_read, Next(ref _readCount), frame, []);

    public void Dispose()
    {
        _write.Dispose();
        _read.Dispose();
    }

    private static uint Next(ref uint counter)
    {
        if (counter == uint.MaxValue) throw new InvalidOperationException("the frame counter is used up; reconnect");
        return counter++;
    }
}
