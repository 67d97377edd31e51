using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Media;

/// <summary>Files of messages: fetches them, uploads them, and has the phone upload them again. All members may be called from any thread.</summary>
public sealed class MediaFeature : IFeature
{
    private readonly WaClientOptions _options;
    private readonly MediaRequests _requests;
    private readonly MediaDownloader _downloader;
    private readonly MediaUploader _uploader;
    private readonly MediaRemover _remover;

    internal MediaFeature(AccountContext context)
    {
        _options = context.Options;
        _requests = new(context);
        var hosts = new MediaHosts(context.Link, context.Options, context.Time);
        var http = new MediaHttp(context.Options, context.Time);
        _downloader = new(hosts, http, context.Options.Media, context.Time);
        _uploader = new(hosts, http, context.Options.Media, context.Time);
        _remover = new(hosts, http);
    }

    void IFeature.Register(StanzaRouter router) => router.Add("notification/mediaretry", _requests);

    Task IFeature.LoggedInAsync(CancellationToken ct) => _requests.SweepAsync(ct);

    /// <summary>Writes a file, checked as a whole before its first byte is written. Needs no connection to WhatsApp's chat server.</summary>
    /// <exception cref="MediaExpiredException">The media host no longer has it.</exception>
    /// <exception cref="MediaCorruptException">No media host has what the reference says.</exception>
    /// <exception cref="MediaTooLargeException">It is larger than allowed.</exception>
    /// <exception cref="MediaFailedException">No media host could be reached; later it may succeed.</exception>
    public Task DownloadAsync(MediaReference reference, Stream destination, CancellationToken ct) =>
        ViaScratchAsync(scratch => _downloader.FetchAsync(reference, scratch, ct), destination, ct);

    /// <summary>The same, and when the media host no longer has it, has the account's phone upload it again.</summary>
    /// <inheritdoc cref="DownloadAsync(MediaReference, Stream, CancellationToken)"/>
    public Task DownloadAsync(ArrivedMedia media, Stream destination, CancellationToken ct) => ViaScratchAsync(scratch => FetchAsync(media, scratch, ct), destination, ct);

    /// <summary>The same into a file, which is there as a whole or not at all; an older one is replaced.</summary>
    /// <inheritdoc cref="DownloadAsync(MediaReference, Stream, CancellationToken)"/>
    public async Task DownloadAsync(ArrivedMedia media, string path, CancellationToken ct)
    {
        var part = path + ".part";
        try
        {
            await using (var scratch = ScratchFile.Open(part)) await FetchAsync(media, scratch, ct);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Seals a file and puts it on a media host.</summary>
    /// <param name="plain">Read to its end; not disposed.</param>
    /// <exception cref="NotOnlineException">The account is not online.</exception>
    /// <exception cref="MediaTooLargeException">It is larger than allowed.</exception>
    /// <exception cref="MediaFailedException">No media host took it; later it may succeed.</exception>
    public Task<UploadedMedia> UploadAsync(MediaKind kind, Stream plain, CancellationToken ct) => _uploader.UploadAsync(kind, plain, ct);

    /// <summary>Puts a file on a media host in clear, for a message to a channel; <see cref="UploadedMedia.Handle"/> goes into <see cref="OutgoingMessage.MediaHandle"/>.</summary>
    /// <inheritdoc cref="UploadAsync"/>
    public Task<UploadedMedia> UploadInClearAsync(MediaKind kind, Stream plain, CancellationToken ct) => _uploader.UploadInClearAsync(kind, plain, ct);

    /// <inheritdoc cref="MediaRemover.RemoveAsync"/>
    internal Task RemoveAsync(MediaReference reference, string? handle, string? proof, CancellationToken ct) => _remover.RemoveAsync(reference, handle, proof, ct);

    private async Task FetchAsync(ArrivedMedia media, FileStream scratch, CancellationToken ct)
    {
        var reference = await _requests.FindNewerAsync(media, ct) ?? media.Reference;
        try
        {
            await _downloader.FetchAsync(reference, scratch, ct);
        }
        catch (MediaFailedException gone) when (gone is MediaExpiredException or MediaCorruptException && !reference.IsInClear)
        {
            reference = media.Reference with { DirectPath = await UploadedAgainAsync(media with { Reference = reference }, gone, ct), Url = null };
            await _downloader.FetchAsync(reference, scratch, ct);
        }
    }

    private async Task<string> UploadedAgainAsync(ArrivedMedia media, MediaFailedException gone, CancellationToken ct)
    {
        try
        {
            return await _requests.AskAsync(media, ct) switch
            {
                MediaRetryOutcome.Uploaded uploaded => uploaded.DirectPath,
                MediaRetryOutcome.NotOnPhone => throw new MediaExpiredException($"{gone.Message}, and neither has the phone"),
                MediaRetryOutcome.Refused refused => throw new MediaExpiredException($"{gone.Message}, and {refused.Reason}"),
                MediaRetryOutcome.AskedAlready asked => throw new MediaExpiredException($"{gone.Message}; the phone was asked for it, and may be asked again at {asked.AskAgainAt:u}"),
                _ => throw new MediaExpiredException($"{gone.Message}, and the phone did not answer within {_options.Media.PhoneTimeout.TotalSeconds:0} s"),
            };
        }
        catch (NotOnlineException e)
        {
            throw new MediaExpiredException($"{gone.Message}, and the phone cannot be asked: {e.Message}");
        }
    }

    private async Task ViaScratchAsync(Func<FileStream, Task> fetchAsync, Stream destination, CancellationToken ct)
    {
        await using var scratch = ScratchFile.Create(_options.Media);
        await fetchAsync(scratch);
        scratch.Position = 0;
        await scratch.CopyToAsync(destination, ct);
    }
}
