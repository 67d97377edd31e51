using System.Net;
using Footbridge.Protocol;
using Footbridge.Protocol.Media;

namespace Footbridge.Engine.Media;

/// <summary>Fetches files from the media hosts. Source: docs/protocol/media.md.</summary>
internal sealed class MediaDownloader(MediaHosts hosts, MediaHttp http, MediaOptions options, TimeProvider time)
{
    /// <summary>What sealing adds to a file at most: padding and MAC.</summary>
    private const int SealBytes = 32;

    /// <summary>Fetches into a file of which nobody reads before this returns; what is in it on failure is to be thrown away.</summary>
    /// <exception cref="MediaFailedException">See its kinds.</exception>
    public async Task FetchAsync(MediaReference reference, FileStream scratch, CancellationToken ct)
    {
        if (reference.Length > options.MaxBytes) throw new MediaTooLargeException($"the file has {reference.Length} bytes, more than {options.MaxBytes}");
        var addresses = await hosts.AddressesOfAsync(reference, ct);
        for (var attempt = 1; ; attempt++)
        {
            var failure = await TryAsync(addresses[(attempt - 1) % addresses.Count], reference, scratch, attempt, ct);
            if (failure is null) return;
            if (attempt >= options.DownloadAttempts || failure.WaitBeforeNext is not { } wait) throw failure.Error;
            await Task.Delay(wait, time, ct);
        }
    }

    private async Task<Failure?> TryAsync(Uri address, MediaReference reference, FileStream scratch, int attempt, CancellationToken ct)
    {
        using var watch = http.Watch(ct);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Origin", MediaUploader.Origin }, { "Referer", MediaUploader.Origin + "/" } } };
            using var response = await http.SendAsync(request, watch.Token);
            if (response.StatusCode != HttpStatusCode.OK) return OfStatus(response, attempt);
            await OpenAsync(response, reference, scratch, watch);
            return null;
        }
        catch (ProtocolException e)
        {
            // Another host may have it whole.
            return new(new MediaCorruptException($"the media host {address.Host} gave something else than the file: {e.Message}", e), http.WaitAfter(null, null, attempt));
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && watch.HasStalled && !ct.IsCancellationRequested))
        {
            var why = e is OperationCanceledException ? $"no byte came for {options.StallTimeout.TotalSeconds:0} s" : e.Message;
            return new(new MediaFailedException($"the media host {address.Host} could not be reached: {why}", e), http.WaitAfter(null, null, attempt));
        }
    }

    private async Task OpenAsync(HttpResponseMessage response, MediaReference reference, FileStream scratch, StallWatch watch)
    {
        scratch.SetLength(0);
        scratch.Position = 0;
        await using var body = await response.Content.ReadAsStreamAsync(watch.Token);
        await using var watched = new WatchedStream(body, watch, options.MaxBytes + SealBytes);
        var expected = new MediaExpectation(reference.FileSha256, reference.FileEncSha256, reference.Length);
        var length = reference.IsInClear ? await ClearMedia.CopyAsync(watched, scratch, expected, watch.Token) : await DecryptAsync(reference, watched, scratch, expected, watch.Token);
        if (length > options.MaxBytes) throw new MediaTooLargeException($"the file has {length} bytes, more than {options.MaxBytes}");
        await scratch.FlushAsync(watch.Token);
    }

    private static async Task<long> DecryptAsync(MediaReference reference, Stream body, FileStream scratch, MediaExpectation expected, CancellationToken ct)
    {
        using var keys = new MediaKeys(reference.Key, reference.Kind);
        return await MediaDecryptor.DecryptAsync(body, scratch, keys, expected, ct);
    }

    private Failure OfStatus(HttpResponseMessage response, int attempt)
    {
        var status = response.StatusCode;
        if (status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            return new(new MediaExpiredException($"WhatsApp's media host no longer has the file ({(int)status})"), null);
        }

        return new(new MediaFailedException($"WhatsApp's media host answered {(int)status}"), http.WaitAfter(status, response.Headers.RetryAfter, attempt));
    }

    private sealed record Failure(MediaFailedException Error, TimeSpan? WaitBeforeNext);
}
