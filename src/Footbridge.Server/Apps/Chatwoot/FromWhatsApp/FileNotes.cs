using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>What stands in an entry for a file that is not posted: always with a link at which it can be had, or asked for again.</summary>
internal static class FileNotes
{
    /// <summary>The files of an entry as links, behind its text.</summary>
    public static ChatEntry Linked(Inbound message, ChatEntry entry)
    {
        var links = entry.Files.Where(file => file.Url is not null)
            .Select(file => message.Words.Say(Key.FileLinked, new { name = file.Name, url = file.Url, size = FileSize.Text(new FileInfo(file.Path).Length) }));
        return entry with { Text = Below(entry.Text, [.. links]), Files = [] };
    }

    public static ChatEntry TooLarge(Inbound message, ChatEntry entry, ExpectedFile file, long bytes, long limit) => entry with
    {
        Text = Below(entry.Text, message.Words.Say(Key.FileTooLarge, new { name = file.Name, size = FileSize.Text(bytes), limit = FileSize.Text(limit), url = file.Url, until = (string?)null })),
    };

    /// <summary>A file that was not fetched as a link, behind its text.</summary>
    public static ChatEntry Link(Inbound message, ChatEntry entry, ExpectedFile file) => entry with { Text = Below(entry.Text, LinkOf(message, file)) };

    /// <summary>It could not be had.</summary>
    public static ChatEntry Missing(Inbound message, ChatEntry entry, ExpectedFile file, Settings settings)
    {
        var text = message.Words.Say(Key.FromWhatsAppHasMediaNoMedia, new { content = entry.Text, details = JobReference.Of(message.Job, settings) });
        if (file.Url is not null) text = Below(text, LinkOf(message, file));
        return entry with { Text = text };
    }

    private static string LinkOf(Inbound message, ExpectedFile file) =>
        message.Words.Say(Key.FileLinked, new { name = file.Name, url = file.Url, size = file.Bytes is { } bytes ? FileSize.Text(bytes) : "?" });

    private static string? Below(string? text, params ReadOnlySpan<string> notes) =>
        notes.Length == 0 ? text : string.Join("\n\n", [.. string.IsNullOrEmpty(text) ? Array.Empty<string>() : [text], string.Join('\n', notes!)]);
}
