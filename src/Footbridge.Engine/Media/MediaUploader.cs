using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Media;

namespace Footbridge.Engine.Media;

/// <summary>Puts files on the media hosts. Source: docs/protocol/media.md.</summary>
internal sealed class MediaUploader(MediaHosts hosts, MediaHttp http, MediaOptions options, TimeProvider time)
{
    public const string Origin = "https://web.whatsapp.com";
    private const int MaxAnswerBytes = 64 * 1024;

    /// <exception cref="NotOnlineException">The account is not online.</exception>
    /// <exception cref="MediaFailedException">See its kinds.</exception>
    public async Task<UploadedMedia> UploadAsync(MediaKind kind, Stream plain, CancellationToken ct)
    {
        var connection = await hosts.ConnectAsync(null, ct);
        var key = RandomNumberGenerator.GetBytes(MediaKeys.MediaKeyBytes);
        await using var body = ScratchFile.Create(options);
        using var keys = new MediaKeys(key, kind);
        using var watch = new StallWatch(Timeout.InfiniteTimeSpan, time, ct);
        // The body's hash is part of its address, so the whole is sealed before the first byte leaves.
        var summary = await MediaEncryptor.EncryptAsync(
            new WatchedStream(plain, watch, options.MaxBytes), body, keys, withSidecar: kind == MediaKind.Video || kind == MediaKind.Audio, ct);
        await body.FlushAsync(ct);
        var place = await PlaceAsync(new(body, $"/mms/{kind.MmsType}", summary.FileEncSha256, summary.BodyLength), connection, ct);
        return new(key, time.GetUtcNow(), place.DirectPath!, place.Url!, summary.FileSha256, summary.FileEncSha256, summary.Length, summary.Sidecar);
    }

    /// <summary>The same in clear, for channels: what everybody may see is not sealed.</summary>
    /// <inheritdoc cref="UploadAsync"/>
    public async Task<UploadedMedia> UploadInClearAsync(MediaKind kind, Stream plain, CancellationToken ct)
    {
        var connection = await hosts.ConnectAsync(null, ct);
        await using var body = ScratchFile.Create(options);
        using var watch = new StallWatch(Timeout.InfiniteTimeSpan, time, ct);
        var (hash, _) = await ClearMedia.CopyAsync(new WatchedStream(plain, watch, options.MaxBytes), body, ct);
        await body.FlushAsync(ct);
        var place = await PlaceAsync(new(body, $"/newsletter/newsletter-{kind.MmsType}", hash, body.Length), connection, ct);
        var handle = place.Handle is { Length: > 0 } given ? given : throw new MediaFailedException("WhatsApp's media host took the file and did not name it");
        return new([], time.GetUtcNow(), place.DirectPath!, place.Url!, hash, [], body.Length, null) { Handle = handle };
    }

    private async Task<UploadAnswer> PlaceAsync(Upload upload, MediaConnection connection, CancellationToken ct)
    {
        var isRenewed = false;
        for (var attempt = 1; ; attempt++)
        {
            var places = connection.Hosts.Where(host => host.TakesUploads).ToList();
            if (places.Count == 0) throw new MediaFailedException("WhatsApp names no media host that takes uploads");
            var (answer, failure) = await TryAsync(places[(attempt - 1) % places.Count], connection.Auth, upload, attempt, ct);
            if (answer is not null) return answer;
            if (failure!.IsRefused && !isRenewed)
            {
                (connection, isRenewed) = (await hosts.ConnectAsync(connection, ct), true);
                attempt--;
                continue;
            }

            if (attempt >= options.UploadAttempts || failure.WaitBeforeNext is not { } wait) throw failure.Error;
            await Task.Delay(wait, time, ct);
        }
    }

    private async Task<(UploadAnswer? Answer, Failure? Failure)> TryAsync(
        MediaHost host, string auth, Upload upload, int attempt, CancellationToken ct)
    {
        var token = MediaHosts.Base64Url(upload.Hash);
        using var watch = http.Watch(ct);
        try
        {
            upload.Body.Position = 0;
            using var request = new HttpRequestMessage(HttpMethod.Post, $"https://{host.Authority}{upload.Folder}/{token}?auth={Uri.EscapeDataString(auth)}&token={token}")
            {
                Headers = { { "Origin", Origin }, { "Referer", Origin + "/" } },
                Content = new BodyContent(new WatchedStream(upload.Body, watch, long.MaxValue), upload.Length),
            };
            using var response = await http.SendAsync(request, watch.Token);
            return response.StatusCode == HttpStatusCode.OK ? (await ReadAsync(response, watch.Token), null) : (null, OfStatus(response, attempt));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException || (e is OperationCanceledException && watch.HasStalled && !ct.IsCancellationRequested))
        {
            var why = e is OperationCanceledException ? $"no byte moved for {options.StallTimeout.TotalSeconds:0} s" : e.Message;
            return (null, new(new MediaFailedException($"the media host {host.Authority} did not take the file: {why}", e), false, http.WaitAfter(null, null, attempt)));
        }
    }

    private Failure OfStatus(HttpResponseMessage response, int attempt)
    {
        var status = response.StatusCode;
        if (status == HttpStatusCode.RequestEntityTooLarge) return new(new MediaTooLargeException("the file is larger than WhatsApp takes"), false, null);
        var error = new MediaFailedException($"WhatsApp's media host answered the upload with {(int)status}");
        return new(error, status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, http.WaitAfter(status, response.Headers.RetryAfter, attempt));
    }

    private static async Task<UploadAnswer> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, ct);
        var answer = JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(ct), MediaJson.Default.UploadAnswer);
        return answer is { DirectPath: ['/', ..], Url.IsAbsoluteUri: true } ? answer : throw new JsonException("the answer names no place");
    }

    /// <param name="Hash">Of the body: its name there.</param>
    private sealed record Upload(FileStream Body, string Folder, byte[] Hash, long Length);

    /// <param name="IsRefused">The right to upload was not accepted.</param>
    private sealed record Failure(MediaFailedException Error, bool IsRefused, TimeSpan? WaitBeforeNext);

    /// <summary>A body of known length that may be sent more than once: the stream stays open.</summary>
    private sealed class BodyContent : HttpContent
    {
        private readonly Stream _body;
        private readonly long _length;

        public BodyContent(Stream body, long length)
        {
            (_body, _length) = (body, length);
            Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _body.CopyToAsync(stream);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => _body.CopyToAsync(stream, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = _length;
            return true;
        }
    }
}

/// <summary>Where the media host has put a file.</summary>
internal sealed record UploadAnswer([property: JsonPropertyName("url")] Uri? Url, [property: JsonPropertyName("direct_path")] string? DirectPath)
{
    /// <summary>Only for channels.</summary>
    [JsonPropertyName("handle")]
    public string? Handle { get; init; }
}

[JsonSerializable(typeof(UploadAnswer))]
[JsonSerializable(typeof(StoredMediaRequest))]
internal sealed partial class MediaJson : JsonSerializerContext;
