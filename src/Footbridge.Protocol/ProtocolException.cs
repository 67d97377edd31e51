using System.Diagnostics.CodeAnalysis;

namespace Footbridge.Protocol;

/// <summary>Bytes from outside do not have the shape the protocol asks for. The only exception a parser of this project throws.</summary>
public class ProtocolException : Exception
{
    public ProtocolException(string message) : base(message) { }

    public ProtocolException(string message, Exception inner) : base(message, inner) { }

    [DoesNotReturn]
    internal static void ThrowTruncated(int need, int have) => throw new ProtocolException($"truncated: need {need} bytes, have {have}");
}
