namespace Footbridge.Engine.Media;

/// <summary>A file could not be fetched or uploaded now; the same call may succeed later.</summary>
public class MediaFailedException : Exception
{
    public MediaFailedException(string message) : base(message) { }

    public MediaFailedException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>The media host no longer has the file (403, 404, 410); only a phone that still has it can upload it again.</summary>
public sealed class MediaExpiredException(string message) : MediaFailedException(message);

/// <summary>What the media host has is not the file its message names: a hash, the MAC or the length is wrong.</summary>
public sealed class MediaCorruptException(string message, Exception inner) : MediaFailedException(message, inner);

/// <summary>The file is larger than <see cref="MediaOptions.MaxBytes"/>, or than the media host takes.</summary>
public sealed class MediaTooLargeException(string message) : MediaFailedException(message);
