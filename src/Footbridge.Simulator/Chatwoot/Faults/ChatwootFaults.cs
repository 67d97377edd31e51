namespace Footbridge.Simulator.Chatwoot.Faults;

/// <summary>What happens to a request instead of going its way.</summary>
internal abstract record ChatwootFault
{
    /// <summary>Refused with a status before anything is done.</summary>
    public sealed record Status(int Code, int? RetryAfterSeconds = null) : ChatwootFault;

    /// <summary>Done, and then answered with a status: the caller cannot know.</summary>
    public sealed record StatusAfterCommit(int Code) : ChatwootFault;

    /// <summary>The connection is reset before anything is done.</summary>
    public sealed record Reset : ChatwootFault;
}

/// <summary>Faults of the simulated Chatwoot.</summary>
internal sealed class ChatwootFaults
{
    /// <summary>Names the fault of a request, or null.</summary>
    public Func<HttpRequest, ChatwootFault?>? OnRequest { get; set; }

    /// <summary>While set, every request meets this.</summary>
    public ChatwootFault? Down { get; set; }

    /// <summary>Added to every answer.</summary>
    public TimeSpan ResponseDelay { get; set; }
}
