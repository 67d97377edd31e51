using Footbridge.Engine.Media;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>The file of a message as its event tells of it.</summary>
/// <param name="Name">For people, with an extension.</param>
/// <param name="Url">Null for a file that is not fetched: the settings leave it out, or WhatsApp does not say where it is.</param>
/// <param name="Bytes">As the sender says; null when it does not.</param>
internal sealed record ExpectedFile(string Name, string Mimetype, string? Url, long? Bytes)
{
    /// <summary>Its name among the session's files.</summary>
    public string StoredName => Url![(Url!.LastIndexOf('/') + 1)..];

    /// <summary>Null when the message has no file.</summary>
    public static ExpectedFile? Of(Inbound message)
    {
        if (message.Payload["hasMedia"]?.GetValue<bool>() != true) return null;
        var media = message.Payload["media"];
        var mimetype = MimeTypes.Clean(media?["mimetype"]?.ToString());
        return new(NameOf(message, media?["filename"]?.ToString(), mimetype), mimetype, media?["url"]?.ToString(), MediaReference.Of(message.Content)?.Length);
    }

    private static string NameOf(Inbound message, string? given, string mimetype)
    {
        if (given is { Length: > 0 }) return Path.GetExtension(given).Length > 1 || mimetype == MimeTypes.Unknown ? given : $"{given}.{MimeTypes.ExtensionOf(mimetype)}";
        var kind = message.Content switch
        {
            { AudioMessage.Ptt: true } => "voice",
            { PtvMessage: not null } => "video",
            _ => MessageTexts.KindOf(message.Content)?.Replace("Message", "", StringComparison.Ordinal) ?? "file",
        };
        return $"{kind}.{MimeTypes.ExtensionOf(mimetype)}";
    }
}
