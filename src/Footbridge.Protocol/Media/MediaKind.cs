namespace Footbridge.Protocol.Media;

/// <summary>What a media file is: it decides the keys and the path on the media host. Source: docs/protocol/media.md.</summary>
public sealed class MediaKind
{
    private static readonly Dictionary<string, MediaKind> ByName = new(StringComparer.Ordinal);

    private MediaKind(string name, string info, string mmsType)
    {
        (Name, Info, MmsType) = (name, info, mmsType);
        ByName.Add(name, this);
    }

    public static MediaKind Image { get; } = new("image", "WhatsApp Image Keys", "image");

    /// <summary>Has the keys and the path of an image.</summary>
    public static MediaKind Sticker { get; } = new("sticker", "WhatsApp Image Keys", "image");

    /// <summary>Also of GIFs and round video notes.</summary>
    public static MediaKind Video { get; } = new("video", "WhatsApp Video Keys", "video");

    /// <summary>Also of voice messages.</summary>
    public static MediaKind Audio { get; } = new("audio", "WhatsApp Audio Keys", "audio");

    public static MediaKind Document { get; } = new("document", "WhatsApp Document Keys", "document");

    public static MediaKind LinkThumbnail { get; } = new("link-thumbnail", "WhatsApp Link Thumbnail Keys", "thumbnail-link");

    public static MediaKind ImageThumbnail { get; } = new("image-thumbnail", "WhatsApp Image Thumbnail Keys", "thumbnail-image");

    public static MediaKind VideoThumbnail { get; } = new("video-thumbnail", "WhatsApp Video Thumbnail Keys", "thumbnail-video");

    public static MediaKind DocumentThumbnail { get; } = new("document-thumbnail", "WhatsApp Document Thumbnail Keys", "thumbnail-document");

    /// <summary>Parts of the account's past, from its phone.</summary>
    public static MediaKind History { get; } = new("history", "WhatsApp History Keys", "md-msg-hist");

    /// <summary>Snapshots and long patches of the app state.</summary>
    public static MediaKind AppState { get; } = new("app-state", "WhatsApp App State Keys", "md-app-state");

    public static MediaKind StickerPack { get; } = new("sticker-pack", "WhatsApp Sticker Pack Keys", "sticker-pack");

    /// <summary>Our name for it, unique and stable: it may be stored.</summary>
    public string Name { get; }

    /// <summary>The info of the key derivation.</summary>
    public string Info { get; }

    /// <summary>Path and query on the media host.</summary>
    public string MmsType { get; }

    /// <exception cref="ProtocolException">No kind has this name.</exception>
    public static MediaKind Parse(string name) => ByName.GetValueOrDefault(name) ?? throw new ProtocolException($"no kind of media is called '{name}'");

    public override string ToString() => Name;
}
