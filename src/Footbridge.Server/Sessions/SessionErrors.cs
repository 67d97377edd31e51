namespace Footbridge.Server.Sessions;

/// <summary>No session of this name is stored.</summary>
internal sealed class SessionNotFoundException(string message = "Session not found") : Exception(message);

/// <summary>The session exists and cannot do this now.</summary>
internal sealed class SessionNotWorkingException(string message, string session, string status) : Exception(message)
{
    public string Session { get; } = session;

    public string Status { get; } = status;
}

/// <summary>A rule of the API forbids the call (422).</summary>
internal sealed class RuleException(string message) : Exception(message);

/// <summary>A field of the request is wrong (400).</summary>
internal sealed class InvalidRequestException(params string[] messages) : Exception(string.Join("; ", messages))
{
    public IReadOnlyList<string> Messages { get; } = messages;
}
