namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Chatwoot refused a request.</summary>
internal sealed class ChatwootException(int status, string body) : Exception($"ChatWoot API Error: status {status}")
{
    private const int MaxShownBody = 2000;

    public int Status { get; } = status;

    public string Body { get; } = body.Length > MaxShownBody ? body[..MaxShownBody] : body;
}

/// <summary>Chatwoot does not answer, or asks to wait: nothing is known about what it did.</summary>
internal sealed class ChatwootAwayException(string message, TimeSpan? retryAfter, Exception? inner) : Exception(message, inner)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Set when Chatwoot answered 500: it is there, and may have a problem with this very request.</summary>
    public bool IsInternalError { get; init; }
}
