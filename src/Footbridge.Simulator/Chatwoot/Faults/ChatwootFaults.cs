using System.Text.Json.Nodes;

namespace Footbridge.Simulator.Chatwoot.Faults;

/// <summary>What happens to a request instead of going its way.</summary>
internal abstract record ChatwootFault
{
    /// <summary>Refused with a status before anything is done. 429 has Chatwoot's plain text, the codes of proxies have HTML.</summary>
    public sealed record Status(int Code, int? RetryAfterSeconds = null) : ChatwootFault;

    /// <summary>Refused because the conversation has had its messages for this minute.</summary>
    public sealed record TooManyMessages : ChatwootFault;

    /// <summary>Done, and then answered with a status: the caller cannot know.</summary>
    public sealed record StatusAfterCommit(int Code) : ChatwootFault;

    /// <summary>The connection is reset before anything is done.</summary>
    public sealed record Reset : ChatwootFault;

    /// <summary>Done, and the connection is reset instead of an answer.</summary>
    public sealed record ResetAfterCommit : ChatwootFault;

    /// <summary>Done, and answered when the given task ends.</summary>
    public sealed record AnswerWhen(Task Released) : ChatwootFault;
}

/// <summary>What happens to a callback.</summary>
internal enum WebhookFault
{
    /// <summary>Never sent, and counted as delivered.</summary>
    Lost,

    /// <summary>Sent twice.</summary>
    Twice,

    /// <summary>Not sent, and counted as refused, as when the bridge cannot be reached.</summary>
    Refused,
}

/// <summary>Faults of the simulated Chatwoot.</summary>
internal sealed class ChatwootFaults
{
    /// <summary>Names the fault of a request, or null.</summary>
    public Func<HttpRequest, ChatwootFault?>? OnRequest { get; set; }

    /// <summary>Names the fault of a callback by its body, or null.</summary>
    public Func<JsonObject, WebhookFault?>? OnWebhook { get; set; }

    /// <summary>Held back before it is sent until this completes, by its body: callbacks are made side by side and come in any order.</summary>
    public Func<JsonObject, Task>? BeforeWebhook { get; set; }

    /// <summary>While set, every request meets this.</summary>
    public ChatwootFault? Down { get; set; }

    /// <summary>Added to every answer.</summary>
    public TimeSpan ResponseDelay { get; set; }
}
