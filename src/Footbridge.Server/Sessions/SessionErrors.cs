using System.Text.Json.Nodes;

namespace Footbridge.Server.Sessions;

/// <summary>No session of this name is stored.</summary>
internal sealed class SessionNotFoundException(string message = "Session not found") : Exception(message);

/// <summary>The session is not in the state that the call needs, or there is none of this name.</summary>
internal sealed class SessionNotWorkingException : Exception
{
    private SessionNotWorkingException(string message, string session) : base(message) => Session = session;

    public string Session { get; }

    /// <summary>Null when there is no such session.</summary>
    public string? Status { get; private init; }

    public string Expected { get; private init; } = SessionStatus.Working;

    public static SessionNotWorkingException Missing(string session) => new($"Session \"{session}\" does not exist", session);

    public static SessionNotWorkingException InState(string session, string status, string expected = SessionStatus.Working) =>
        new("Session status is not as expected. Try again later or restart the session", session) { Status = status, Expected = expected };

    /// <summary>WAHA's 422 body, which error notes show too.</summary>
    public JsonObject Describe() => Status is null
        ? new() { ["error"] = Message, ["session"] = Session }
        : new() { ["error"] = Message, ["session"] = Session, ["status"] = Status, ["expected"] = new JsonArray(Expected) };
}

/// <summary>A rule of the API forbids the call (422).</summary>
internal class RuleException(string message) : Exception(message);

/// <summary>What the call names is not there (404).</summary>
internal sealed class NotFoundException(string message) : Exception(message);

/// <summary>The call asks for something this engine cannot do yet (501).</summary>
internal sealed class NotInThisEngineException()
    : Exception("The method is not implemented by 'NOWEB' engine. docs/compatibility.md lists what is there.");

/// <summary>A field of the request is wrong (400).</summary>
internal sealed class InvalidRequestException(params string[] messages) : Exception(string.Join("; ", messages))
{
    public IReadOnlyList<string> Messages { get; } = messages;
}

/// <summary>Fields that do not go together (400), in the form of WAHA's presence endpoint.</summary>
internal sealed class DetailException(string detail) : Exception(detail);
