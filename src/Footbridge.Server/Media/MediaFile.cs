using System.Security.Cryptography;
using System.Text;
using Footbridge.Engine.Events;
using Footbridge.Engine.Media;
using Footbridge.Protocol.Generated;

namespace Footbridge.Server.Media;

/// <summary>What became of a message's file. The numbers are stored.</summary>
internal enum MediaFileState
{
    Waiting = 0,
    Stored = 1,
    Failed = 2,

    /// <summary>It was on the disk, and its time there is over.</summary>
    Swept = 3,
}

/// <summary>The file of one message of one session.</summary>
/// <param name="Name">Its name in addresses and on the disk: unique in the session, and safe in both.</param>
/// <param name="Mimetype">As the sender says.</param>
/// <param name="FileName">What its sender calls it; null when nothing is said.</param>
internal sealed record MediaFile(string Account, string Name, ArrivedMedia Media, string Mimetype, string? FileName)
{
    private const int MaxIdLength = 64;
    private const int TagBytes = 5;

    public MediaFileState State { get; init; }

    public string? Error { get; init; }

    /// <summary>The file of a message; null when it has none that can be fetched.</summary>
    public static MediaFile? Of(string account, MessageReceived message)
    {
        if (ArrivedMedia.Of(message) is not { } media) return null;
        var (mimetype, fileName) = Describe(message.Content);
        mimetype = MimeTypes.Clean(mimetype);
        return new(account, NameOf(message, mimetype), media, mimetype, MimeTypes.CleanName(fileName));
    }

    /// <summary>Begins with the message id, as WAHA's names are. Ids are chosen by senders, so what follows tells chats and senders apart.</summary>
    private static string NameOf(MessageReceived message, string mimetype)
    {
        var id = message.MessageId.Length <= MaxIdLength && message.MessageId.All(char.IsAsciiLetterOrDigit) ? message.MessageId : "file";
        var tag = SHA256.HashData(Encoding.UTF8.GetBytes($"{message.Id}|{message.Chat.Address}")).AsSpan(0, TagBytes);
        return $"{id}_{Convert.ToHexStringLower(tag)}.{MimeTypes.ExtensionOf(mimetype)}";
    }

    private static (string? Mimetype, string? FileName) Describe(Message content)
    {
        if (content.ImageMessage is { } image) return (image.Mimetype, null);
        if ((content.VideoMessage ?? content.PtvMessage) is { } video) return (video.Mimetype, null);
        if (content.AudioMessage is { } audio) return (audio.Mimetype, null);
        if (content.DocumentMessage is { } document) return (document.Mimetype, document.HasFileName ? document.FileName : document.HasTitle ? document.Title : null);
        if (content.StickerMessage is { } sticker) return (sticker.IsLottie ? "application/was" : sticker.HasMimetype ? sticker.Mimetype : "image/webp", null);
        return (null, null);
    }
}
