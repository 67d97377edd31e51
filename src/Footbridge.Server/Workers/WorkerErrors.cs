using System.Text.Json.Nodes;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Workers;

/// <summary>The API's process cannot be reached or has trouble of its own: the job waits, and uses up no attempt.</summary>
internal sealed class ApiAwayException(string message, Exception? inner) : Exception(message, inner);

/// <summary>Carries errors that decide what becomes of a job from the process that has the sessions to the one that runs the job.</summary>
internal static class WorkerErrors
{
    /// <summary>An error in words that travel, or null for one that nobody foresaw.</summary>
    public static JsonObject? Describe(Exception error) => error switch
    {
        SessionNotWorkingException e => new() { ["kind"] = "session", ["session"] = e.Session, ["status"] = e.Status, ["expected"] = e.Expected },
        SendFailedException e => new() { ["kind"] = "send", ["message"] = e.Message, ["code"] = e.Code, ["until"] = e.Until },
        NotOnlineException e => new() { ["kind"] = "offline", ["message"] = e.Message },
        TimeoutException e => new() { ["kind"] = "timeout", ["message"] = e.Message },
        SessionNotFoundException e => new() { ["kind"] = "unknown", ["message"] = e.Message },
        SendFileException e => new() { ["kind"] = "sendfile", ["name"] = e.Name, ["size"] = e.SizeBytes, ["limit"] = e.LimitBytes, ["final"] = e.IsFinal, ["message"] = e.Message },
        MediaFailedException e => new() { ["kind"] = "media", ["message"] = e.Message },
        RuleException e => new() { ["kind"] = "rule", ["message"] = e.Message },
        FileNotStoredException e => new() { ["kind"] = "file", ["message"] = e.Message },
        _ => null,
    };

    public static Exception Read(JsonObject body)
    {
        var message = body["message"]?.ToString() ?? "";
        return body["kind"]?.ToString() switch
        {
            "session" when body["status"]?.ToString() is { } status =>
                SessionNotWorkingException.InState(body["session"]!.ToString(), status, body["expected"]?.ToString() ?? SessionStatus.Working),
            "session" => SessionNotWorkingException.Missing(body["session"]!.ToString()),
            "send" => new SendFailedException(message, body["code"]?.GetValue<int>(), body["until"]?.GetValue<DateTimeOffset>()),
            "offline" => new NotOnlineException(message),
            "timeout" => new TimeoutException(message),
            "unknown" => new SessionNotFoundException(message),
            "sendfile" => new SendFileException(body["name"]?.ToString() ?? "", body["size"]?.GetValue<long>(), body["limit"]?.GetValue<long>(), message) { IsFinal = body["final"]?.GetValue<bool>() ?? false },
            "media" => new MediaFailedException(message),
            "rule" => new RuleException(message),
            "file" => FileNotStoredException.Told(message),
            _ => new InvalidOperationException($"the API refused a worker's call: {body.ToJsonString()}"),
        };
    }
}
