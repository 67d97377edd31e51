namespace Footbridge.Engine.Media;

/// <summary>How files are fetched and uploaded. Defaults are those of docs/protocol/media.md.</summary>
public sealed record MediaOptions
{
    /// <summary>Hosts (with port, if any) that an address in a message may name, besides WhatsApp's own; for a simulator.</summary>
    public IReadOnlyList<string> TrustedHosts { get; init; } = [];

    /// <summary>Hosts of downloads when the server cannot be asked for its own, in order.</summary>
    public IReadOnlyList<string> FallbackHosts { get; init; } = ["mmg.whatsapp.net", "mmg-fallback.whatsapp.net"];

    /// <summary>Folder of the files that are not checked yet, or not uploaded yet.</summary>
    public string ScratchFolder { get; init; } = Path.GetTempPath();

    /// <summary>Largest plain file, either way.</summary>
    public long MaxBytes { get; init; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Tries of a download in all, each on the next host.</summary>
    public int DownloadAttempts { get; init; } = 5;

    /// <summary>Tries of an upload in all, each on the next host.</summary>
    public int UploadAttempts { get; init; } = 4;

    /// <summary>Wait before the second try; doubled each time.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait that a media host may ask for with Retry-After.</summary>
    public TimeSpan RetryAfterLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A transfer without a byte for so long is broken off and tried again.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for a phone to upload a file again.</summary>
    public TimeSpan PhoneTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A phone is asked once for a file within this time.</summary>
    public TimeSpan AskAgainAfter { get; init; } = TimeSpan.FromHours(1);
}
