namespace Footbridge.Engine.Messages;

/// <summary>Why WhatsApp does not take a message. Source: docs/protocol/message-kinds.md.</summary>
public enum Refusal
{
    /// <summary>None that is known by name; <see cref="SendFailedException.Code"/> has the number.</summary>
    Other,

    /// <summary>The account may not open new chats for a while (463).</summary>
    ReachOutTimelock,

    /// <summary>The account has opened as many new chats as it may in this period (475).</summary>
    NewChatLimit,

    /// <summary>The stanza is not one the server accepts (479).</summary>
    Invalid,

    /// <summary>The recipient's address is out of date (421).</summary>
    StaleAddress,

    /// <summary>The account is restricted (401, 403).</summary>
    AccountRestricted,
}

/// <summary>WhatsApp refused a message, or it has nobody to go to; trying again as it is cannot help.</summary>
public sealed class SendFailedException : Exception
{
    public SendFailedException(string message, int? code = null, DateTimeOffset? until = null) : base(message) => (Code, Until) = (code, until);

    internal SendFailedException(string message, int code, Refusal refusal, DateTimeOffset? until) : base(message) => (Code, Refusal, Until) = (code, refusal, until);

    /// <summary>The server's error code (463, 475, 479 …), when it gave one.</summary>
    public int? Code { get; }

    /// <summary>Null when the server was not asked: the message has nobody to go to.</summary>
    public Refusal? Refusal { get; }

    /// <summary>When the refusal ends, as far as WhatsApp tells.</summary>
    public DateTimeOffset? Until { get; }
}

/// <summary>The account is not online, so nothing can be sent now; the same call may succeed later.</summary>
public sealed class NotOnlineException(string message) : Exception(message);
