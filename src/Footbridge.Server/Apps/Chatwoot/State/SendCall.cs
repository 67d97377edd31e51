namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>What is sent.</summary>
internal enum SendKind
{
    Text,
    Image,
    Video,
    Voice,
    Document,
    Reaction,
    Edit,
    Delete,
}

/// <summary>How the page behind a link is shown below a text.</summary>
internal enum PreviewSize
{
    None,
    Small,
    Large,
}

/// <summary>Something to send through a session, in words that travel between processes.</summary>
/// <param name="Id">The raw WhatsApp id it goes out under; sent again under the same id it is one message.</param>
/// <param name="Chat">Where to, as a JID.</param>
internal sealed record SendCall(string Id, string Chat, SendKind Kind)
{
    /// <summary>The text, a file's caption, a reaction's emoji (empty: taken back), or an edited message's new text.</summary>
    public string? Text { get; init; }

    public SendFile? File { get; init; }

    /// <summary>How a link in a text is shown.</summary>
    public PreviewSize Preview { get; init; }

    /// <summary>The message that is answered.</summary>
    public MessageAddress? Quote { get; init; }

    /// <summary>The message that is reacted to, edited or deleted.</summary>
    public MessageAddress? Target { get; init; }

    /// <summary>JIDs of people.</summary>
    public IReadOnlyList<string> Mentions { get; init; } = [];

    public bool MentionsAll { get; init; }
}

/// <summary>A file to send, by the address it is fetched from.</summary>
/// <param name="Mimetype">Null: found out by what comes.</param>
/// <param name="SizeBytes">As Chatwoot says; null when it does not.</param>
/// <param name="TrustedUrl">Chatwoot's own address, which may be a private one.</param>
internal sealed record SendFile(string Url, string Name, string? Mimetype, long? SizeBytes, string TrustedUrl);

/// <summary>A message on WhatsApp.</summary>
/// <param name="IsFromMe">Null when not known.</param>
/// <param name="Participant">Who wrote it, in groups.</param>
internal sealed record MessageAddress(string Id, bool? IsFromMe, string? Participant);

/// <summary>A file cannot be sent: it could not be fetched, or is too large.</summary>
internal sealed class SendFileException(string name, long? sizeBytes, long? limitBytes, string message) : Exception(message)
{
    public string Name => name;

    public long? SizeBytes => sizeBytes;

    /// <summary>Null where nothing tells.</summary>
    public long? LimitBytes => limitBytes;

    /// <summary>It is too large; otherwise it could not be fetched, and later it may.</summary>
    public bool IsFinal { get; init; }
}
