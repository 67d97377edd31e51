namespace Footbridge.Protocol.Noise;

/// <summary>Frames on the socket: a 24-bit big-endian length, then the body.</summary>
public static class FrameEncoder
{
    public const int HeaderBytes = 3;
    public const int MaxBodyBytes = (1 << 24) - 1;

    /// <exception cref="ArgumentException">The body is larger than <see cref="MaxBodyBytes"/>.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> body)
    {
        if (body.Length > MaxBodyBytes) throw new ArgumentException($"a frame of {body.Length} bytes does not fit the format");
        var frame = new byte[HeaderBytes + body.Length];
        frame[0] = (byte)(body.Length >> 16);
        frame[1] = (byte)(body.Length >> 8);
        frame[2] = (byte)body.Length;
        body.CopyTo(frame.AsSpan(HeaderBytes));
        return frame;
    }
}
