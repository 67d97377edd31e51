namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>What a message from WhatsApp becomes in Chatwoot, before the marks that all messages get (who wrote it where, and when).</summary>
/// <param name="Text">Markdown; null for a file without a caption.</param>
internal sealed record ChatEntry(string? Text)
{
    public IReadOnlyList<EntryFile> Files { get; init; } = [];

    /// <summary>Set when it does not depend on who wrote it: for agents alone, or for everybody who reads the conversation.</summary>
    public bool? IsPrivate { get; init; }

    /// <summary>The raw WhatsApp id of the message it is an answer to.</summary>
    public string? ReplyTo { get; init; }
}

/// <summary>A file of an entry, on the disk.</summary>
/// <param name="Name">As Chatwoot shows it.</param>
/// <param name="IsScratch">Made for this entry alone: whoever posts it deletes it.</param>
internal sealed record EntryFile(string Path, string Name, string Mimetype, bool IsScratch)
{
    /// <summary>Where it can be had instead, when Chatwoot does not take it.</summary>
    public string? Url { get; init; }

    /// <summary>Spoken into the phone, and no recording that was sent as a file.</summary>
    public bool IsVoice { get; init; }

    public FileStream Open() => new(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan);
}
