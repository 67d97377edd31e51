namespace Footbridge.Simulator.WhatsApp.Media;

/// <summary>A request to the media host.</summary>
/// <param name="Path">With query.</param>
internal sealed record MediaRequest(string Method, string Host, string Path)
{
    /// <summary>What proves that a file which is to be deleted is the caller's own; null when nothing was said.</summary>
    public string? Proof { get; init; }
}

/// <summary>What happens to a request instead of its answer.</summary>
internal abstract record MediaFault
{
    /// <param name="RetryAfter">Whole seconds.</param>
    public sealed record Status(int Code, int? RetryAfter = null, string? Location = null) : MediaFault;

    /// <summary>One byte of the file is another.</summary>
    public sealed record WrongByte : MediaFault;

    /// <summary>The connection breaks in the middle of the file.</summary>
    public sealed record Truncated : MediaFault;

    /// <summary>The answer's head comes, and then nothing more until the client goes.</summary>
    public sealed record Stalled : MediaFault;
}
