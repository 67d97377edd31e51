using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Server.Config;

namespace Footbridge.Server.Media;

/// <summary>What public messages say about their file: its address is known, and holds, before the file is here.</summary>
internal sealed class MediaLinks(Settings settings)
{
    /// <summary>WAHA's <c>media</c>; null when the message has no file. <c>url</c> is null for what the settings leave out.</summary>
    public JsonObject? Describe(string session, MessageReceived message) => MediaFile.Of(session, message) is not { } file ? null : new()
    {
        ["url"] = settings.Media.Takes(file.Mimetype) ? $"{settings.PublicUrl}/api/files/{session}/{file.Name}" : null,
        ["mimetype"] = file.Mimetype,
        ["filename"] = file.FileName,
        ["s3"] = null,
        ["error"] = null,
    };
}
