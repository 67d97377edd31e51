using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Api;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>An error as its note shows it: what answered, with which status, and what it said.</summary>
internal static class ErrorText
{
    private const string Fence = "```";
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(Exception error)
    {
        var cause = Cause(error);
        var text = cause is ChatwootException refusal ? $"ChatWoot API Error: {refusal.Message}\nStatus: {refusal.Status}\nBody: {Show(refusal.Body)}"
            : ApiErrors.Describe(cause).Body is { } body ? $"API Error: {cause.Message}\nData: {body.ToJsonString(Pretty)}"
            : cause.Message;
        // The text stands in a code block, which it must not end.
        return text.Replace(Fence, "'''", StringComparison.Ordinal);
    }

    /// <summary>One line, for the message's own error field.</summary>
    public static string Short(Exception error) => Cause(error).Message.Split('\n')[0];

    /// <summary>What went wrong, without the broker's words around it.</summary>
    private static Exception Cause(Exception error) => error is PermanentJobException or RetryAfterException && error.InnerException is { } inner ? inner : error;

    private static string Show(string body)
    {
        try
        {
            return JsonNode.Parse(body)?.ToJsonString(Pretty) ?? "";
        }
        catch (JsonException)
        {
            return body;
        }
    }
}
