using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Api;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>An error as its note shows it: what answered, with which status, and what it said.</summary>
internal static class ErrorText
{
    private const string Fence = "```";
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>In full, for a code block. An explanation in the agent's language stands before what only an operator understands, or instead of it where that says no more.</summary>
    public static string Of(Exception error, Words words)
    {
        var cause = Cause(error);
        var explanation = cause is SessionNotWorkingException ? null : Explanation.Of(cause, words) is { } said ? Plain(said) : null;
        var details = cause is ChatwootException refusal ? $"ChatWoot API Error: {refusal.Message}\nStatus: {refusal.Status}\nBody: {Show(refusal.Body)}"
            : ApiErrors.Describe(cause).Body is { } body ? $"API Error: {cause.Message}\nData: {body.ToJsonString(Pretty)}"
            : explanation is null ? cause.Message : null;
        var text = string.Join("\n\n", new[] { explanation, details }.OfType<string>());
        // The text stands in a code block, which it must not end.
        return text.Replace(Fence, "'''", StringComparison.Ordinal);
    }

    /// <summary>One line, for logs and lists.</summary>
    public static string Short(Exception error) => Cause(error).Message.Split('\n')[0];

    /// <summary>One line in the agent's language where there is one, for the message's own error field.</summary>
    public static string Short(Exception error, Words words) => Explanation.Of(Cause(error), words) is { } said ? Plain(said).Replace('\n', ' ') : Short(error);

    /// <summary>Without Markdown, for places that show it as it is.</summary>
    private static string Plain(string markdown) => markdown.Replace("**", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal);

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
