using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Config;
using Footbridge.Server.Media;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>Puts a message's file to its entry, or what stands for it.</summary>
internal sealed class MessageFiles(IMediaGate media, VoiceCopies voices, Settings settings)
{
    /// <exception cref="FileNotStoredException">It cannot be had now; on the last try the entry says so instead.</exception>
    public async Task<ChatEntry> AddAsync(Inbound message, ChatEntry entry, ExpectedFile file, CancellationToken ct)
    {
        if (file.Url is null) return FileNotes.Missing(message, entry, file, settings);
        if (message.LinksFiles) return FileNotes.Link(message, entry, file);
        var limit = settings.ChatwootMaxFileMegabytes * 1024L * 1024;
        if (file.Bytes > limit) return FileNotes.TooLarge(message, entry, file, file.Bytes.Value, limit);
        try
        {
            var found = await media.GetAsync(message.Event.Session, file.StoredName, ct);
            var bytes = new FileInfo(found.Path).Length;
            if (bytes <= limit) return entry with { Files = [.. entry.Files, await voices.PlayableAsync(Named(found, file) with { IsVoice = message.Content.AudioMessage is { Ptt: true } }, ct)] };
            if (found.IsScratch) File.Delete(found.Path);
            return FileNotes.TooLarge(message, entry, file, bytes, limit);
        }
        catch (FileNotStoredException) when (message.Job.Attempt >= message.Job.AttemptsAllowed)
        {
            return FileNotes.Missing(message, entry, file, settings);
        }
    }

    /// <summary>Chatwoot decides by the mimetype alone how it shows a file: one that says nothing is found out.</summary>
    private static EntryFile Named(EntryFile found, ExpectedFile file)
    {
        var mimetype = MimeTypes.Clean(found.Mimetype);
        if (mimetype == MimeTypes.Unknown) mimetype = MimeTypes.OfName(file.Name) ?? Look(found) ?? MimeTypes.Unknown;
        return found with { Name = file.Name, Mimetype = mimetype, Url = file.Url };
    }

    private static string? Look(EntryFile file)
    {
        Span<byte> head = stackalloc byte[MimeTypes.HeadBytes];
        using var opened = file.Open();
        return MimeTypes.Detect(head[..opened.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
    }
}
