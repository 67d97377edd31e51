using System.Security.Cryptography;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Generated;
using Google.Protobuf;
using Content = Footbridge.Protocol.Generated.Message.Types;

namespace Footbridge.Engine.Messages;

/// <summary>What is said about a file beside where it is; what does not fit a kind is left out of it.</summary>
/// <param name="Mimetype">Such as <c>image/jpeg</c> or <c>audio/ogg; codecs=opus</c>.</param>
public sealed record MediaDetails(string Mimetype)
{
    public string? Caption { get; init; }

    /// <summary>Of documents.</summary>
    public string? FileName { get; init; }

    /// <summary>Pixels.</summary>
    public uint? Width { get; init; }

    /// <summary>Pixels.</summary>
    public uint? Height { get; init; }

    /// <summary>Of sound and video.</summary>
    public uint? Seconds { get; init; }

    /// <summary>Of voice messages: 64 values of 0 to 100.</summary>
    public byte[]? Waveform { get; init; }

    /// <summary>A JPEG about 100 pixels wide, a few KiB; of images, videos and documents.</summary>
    public byte[]? Thumbnail { get; init; }

    /// <summary>Of documents.</summary>
    public uint? PageCount { get; init; }

    /// <summary>Of stickers.</summary>
    public bool IsAnimated { get; init; }

    /// <summary>What the message answers and whom it mentions; null when neither.</summary>
    public MessageContext? Context { get; init; }
}

/// <summary>Messages that carry an uploaded file. Source: docs/protocol/media.md.</summary>
public static class MediaContent
{
    public const int WaveformBytes = 64;
    private const int SecretBytes = 32;
    private const string SidecarField = "streamingSidecar";

    private static readonly string[] UnderOneKey =
    [
        "mediaKey", "mediaKeyTimestamp", "fileEncSha256", SidecarField, "firstFrameSidecar", "firstFrameLength", "firstScanSidecar", "firstScanLength", "scansSidecar", "scanLengths",
        "midQualityFileSha256", "midQualityFileEncSha256", "thumbnailDirectPath", "thumbnailSha256", "thumbnailEncSha256",
    ];

    public static Message Image(UploadedMedia media, MediaDetails details)
    {
        var image = With(new Content.ImageMessage(), media, details);
        if (details.Caption is { } caption) image.Caption = caption;
        if (details.Width is { } width) image.Width = width;
        if (details.Height is { } height) image.Height = height;
        if (details.Thumbnail is { } thumbnail) image.JpegThumbnail = Bytes(thumbnail);
        return New(message => message.ImageMessage = image);
    }

    public static Message Video(UploadedMedia media, MediaDetails details) => New(message => message.VideoMessage = VideoOf(media, details));

    /// <summary>A video without sound that plays by itself, again and again.</summary>
    public static Message Gif(UploadedMedia media, MediaDetails details) => New(message =>
    {
        message.VideoMessage = VideoOf(media, details);
        message.VideoMessage.GifPlayback = true;
    });

    /// <summary>A round video.</summary>
    public static Message VideoNote(UploadedMedia media, MediaDetails details) => New(message => message.PtvMessage = VideoOf(media, details));

    /// <summary>A sound file.</summary>
    public static Message Audio(UploadedMedia media, MediaDetails details) => New(message => message.AudioMessage = AudioOf(media, details));

    /// <summary>A voice message: Opus in Ogg, or it does not play on phones.</summary>
    public static Message Voice(UploadedMedia media, MediaDetails details) => New(message =>
    {
        message.AudioMessage = AudioOf(media, details);
        message.AudioMessage.Ptt = true;
    });

    public static Message Document(UploadedMedia media, MediaDetails details)
    {
        var document = With(new Content.DocumentMessage(), media, details);
        if (details.FileName is { } name) (document.FileName, document.Title) = (name, name);
        if (details.PageCount is { } pages) document.PageCount = pages;
        if (details.Thumbnail is { } thumbnail) document.JpegThumbnail = Bytes(thumbnail);
        if (details.Caption is not { } caption) return New(message => message.DocumentMessage = document);
        document.Caption = caption;
        return New(message => message.DocumentWithCaptionMessage = new() { Message = new() { DocumentMessage = document } });
    }

    /// <summary>A WebP of 512 by 512 pixels.</summary>
    public static Message Sticker(UploadedMedia media, MediaDetails details)
    {
        var sticker = With(new Content.StickerMessage { IsAnimated = details.IsAnimated, StickerSentTs = media.KeyTimestamp.ToUnixTimeMilliseconds() }, media, details);
        if (details.Width is { } width) sticker.Width = width;
        if (details.Height is { } height) sticker.Height = height;
        return New(message => message.StickerMessage = sticker);
    }

    /// <summary>The same image, video or voice message, to be seen once.</summary>
    /// <exception cref="ArgumentException">Other kinds cannot be sent so.</exception>
    public static Message ViewOnce(Message message)
    {
        var inner = message.Clone();
        inner.MessageContextInfo = null;
        if (inner.ImageMessage is { } image) image.ViewOnce = true;
        else if (inner.VideoMessage is { } video) video.ViewOnce = true;
        else if (inner.AudioMessage is { } audio) audio.ViewOnce = true;
        else throw new ArgumentException("only images, videos and sound can be sent to be seen once", nameof(message));
        var wrapper = new Message { MessageContextInfo = message.MessageContextInfo };
        if (inner.AudioMessage is not null) wrapper.ViewOnceMessageV2Extension = new() { Message = inner };
        else wrapper.ViewOnceMessageV2 = new() { Message = inner };
        return wrapper;
    }

    /// <summary>Says in a message where its file is now; what was true under another key goes, and a file in clear has none.</summary>
    public static void Place(IFileMessage part, UploadedMedia media)
    {
        var message = (IMessage)part;
        foreach (var name in UnderOneKey) message.Descriptor.FindFieldByName(name)?.Accessor.Clear(message);
        part.Url = media.Url.ToString();
        part.DirectPath = media.DirectPath;
        part.FileSha256 = Bytes(media.FileSha256);
        part.FileLength = (ulong)media.Length;
        if (media.Key.Length == 0) return;
        if (media.Sidecar is { } sidecar) message.Descriptor.FindFieldByName(SidecarField)?.Accessor.SetValue(message, Bytes(sidecar));
        part.MediaKey = Bytes(media.Key);
        part.MediaKeyTimestamp = media.KeyTimestamp.ToUnixTimeSeconds();
        part.FileEncSha256 = Bytes(media.FileEncSha256);
    }

    private static Content.VideoMessage VideoOf(UploadedMedia media, MediaDetails details)
    {
        var video = With(new Content.VideoMessage(), media, details);
        if (details.Caption is { } caption) video.Caption = caption;
        if (details.Seconds is { } seconds) video.Seconds = seconds;
        if (details.Width is { } width) video.Width = width;
        if (details.Height is { } height) video.Height = height;
        if (details.Thumbnail is { } thumbnail) video.JpegThumbnail = Bytes(thumbnail);
        return video;
    }

    private static Content.AudioMessage AudioOf(UploadedMedia media, MediaDetails details)
    {
        var audio = With(new Content.AudioMessage { Ptt = false }, media, details);
        if (details.Seconds is { } seconds) audio.Seconds = seconds;
        if (details.Waveform is { } waveform) audio.Waveform = Bytes(waveform);
        return audio;
    }

    /// <summary>What all kinds say of their file and of what they answer.</summary>
    private static T With<T>(T part, UploadedMedia media, MediaDetails details) where T : IFileMessage
    {
        Place(part, media);
        part.Mimetype = details.Mimetype;
        if (details.Context?.Build() is { } context) part.ContextInfo = context;
        return part;
    }

    private static Message New(Action<Message> fill)
    {
        var message = new Message { MessageContextInfo = new() { MessageSecret = Bytes(RandomNumberGenerator.GetBytes(SecretBytes)) } };
        fill(message);
        return message;
    }

    private static ByteString Bytes(byte[] bytes) => ByteString.CopyFrom(bytes);
}
