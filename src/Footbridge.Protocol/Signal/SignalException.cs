namespace Footbridge.Protocol.Signal;

/// <summary>Why a message cannot be opened; the numbers are those of a retry receipt. Source: docs/protocol/signal.md.</summary>
public enum SignalError
{
    Unknown = 0,
    NoSession = 1,
    InvalidKey = 2,
    InvalidKeyId = 3,
    InvalidMessage = 4,
    InvalidSignature = 5,
    FutureMessage = 6,
    BadMac = 7,

    /// <summary>The message was opened before; not an error to report to anybody.</summary>
    Duplicate = 100,
}

/// <summary>A Signal message or bundle is refused; the session it was for is unchanged.</summary>
public sealed class SignalException : ProtocolException
{
    public SignalException(SignalError error, string message) : base(message) => Error = error;

    public SignalException(SignalError error, string message, Exception inner) : base(message, inner) => Error = error;

    public SignalError Error { get; }
}
