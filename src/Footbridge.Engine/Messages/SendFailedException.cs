namespace Footbridge.Engine.Messages;

/// <summary>WhatsApp refused a message, or it has nobody to go to; trying again as it is cannot help.</summary>
public sealed class SendFailedException : Exception
{
    public SendFailedException(string message, int? code = null) : base(message) => Code = code;

    /// <summary>The server's error code (463, 475, 479 …), when it gave one.</summary>
    public int? Code { get; }
}

/// <summary>The account is not online, so nothing can be sent now; the same call may succeed later.</summary>
public sealed class NotOnlineException(string message) : Exception(message);
