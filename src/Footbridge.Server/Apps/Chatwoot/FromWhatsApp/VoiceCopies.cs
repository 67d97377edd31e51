using Footbridge.Server.Config;
using Footbridge.Server.Media;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>Voice messages as every browser plays them: Apple's play no Opus in Ogg.</summary>
internal sealed class VoiceCopies(Transcoder transcoder, Settings settings, ILogger<VoiceCopies> logger)
{
    /// <summary>A copy in AAC; the file itself when it is of another kind, is wanted as it is, or cannot be converted.</summary>
    public async Task<EntryFile> PlayableAsync(EntryFile file, CancellationToken ct)
    {
        if (!settings.ChatwootConvertsVoice || MimeTypes.Essence(file.Mimetype) != "audio/ogg") return file;
        try
        {
            var (path, mimetype, name) = await transcoder.ToPlayableAsync(file.Path, file.Name, ct);
            if (file.IsScratch) File.Delete(file.Path);
            return file with { Path = path, Mimetype = mimetype, Name = name, IsScratch = true };
        }
        catch (FfmpegException e)
        {
            logger.VoiceNotConverted(e.Message);
            return file;
        }
    }
}
