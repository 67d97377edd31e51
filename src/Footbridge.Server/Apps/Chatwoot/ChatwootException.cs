using System.Text.Json;
using System.Text.Json.Nodes;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Chatwoot refused a request.</summary>
internal sealed class ChatwootException(int status, string body) : Exception($"Request failed with status code {status}")
{
    private const int MaxShownBody = 2000;

    public int Status { get; } = status;

    public string Body { get; } = body.Length > MaxShownBody ? body[..MaxShownBody] : body;

    /// <summary>The reason Chatwoot gives in its own words; nothing when somebody else answered, whose words are none of the caller's business.</summary>
    public string Reason
    {
        get
        {
            try
            {
                return JsonNode.Parse(Body) is JsonObject said && (said["error"] ?? said["message"] ?? said["errors"]?[0]) is JsonValue reason ? reason.ToString() : "";
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return "";
            }
        }
    }
}

/// <summary>Chatwoot does not answer, or asks to wait: nothing is known about what it did.</summary>
internal sealed class ChatwootAwayException(string message, TimeSpan? retryAfter, Exception? inner) : Exception(message, inner)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Set when Chatwoot answered 500: it is there, and may have a problem with this very request.</summary>
    public bool IsInternalError { get; init; }
}
