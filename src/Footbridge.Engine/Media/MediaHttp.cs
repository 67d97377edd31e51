using System.Net;
using System.Net.Http.Headers;

namespace Footbridge.Engine.Media;

/// <summary>Requests to media hosts: no redirects, no cookies, and broken off when nothing moves.</summary>
internal sealed class MediaHttp(WaClientOptions options, TimeProvider time)
{
    private static readonly SocketsHttpHandler Plain = new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    private readonly HttpMessageInvoker _http = new(options.MediaHandler ?? options.Proxy?.Handler ?? Plain, disposeHandler: false);

    /// <summary>Sends, and lets the answer's body be read with <see cref="StallWatch"/> while the response lives.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        request.Version = HttpVersion.Version11;
        return await _http.SendAsync(request, ct);
    }

    public StallWatch Watch(CancellationToken ct) => new(options.Media.StallTimeout, time, ct);

    /// <summary>What to do about an answer or an error of one try.</summary>
    /// <returns>How long to wait before the next try; null when trying again as it is cannot help.</returns>
    public TimeSpan? WaitAfter(HttpStatusCode? status, RetryConditionHeaderValue? retryAfter, int attempt)
    {
        if (status is { } code && code != HttpStatusCode.TooManyRequests && code != HttpStatusCode.RequestTimeout && (int)code < 500) return null;
        var backOff = options.Media.RetryDelay * Math.Pow(2, attempt - 1);
        var asked = retryAfter?.Delta ?? (retryAfter?.Date - time.GetUtcNow()) ?? TimeSpan.Zero;
        if (asked > options.Media.RetryAfterLimit) asked = options.Media.RetryAfterLimit;
        return asked > backOff ? asked : backOff;
    }
}

/// <summary>A token that is cancelled when nothing has moved for a while.</summary>
internal sealed class StallWatch : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _stalled;
    private readonly CancellationTokenSource _either;

    public StallWatch(TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        _limit = limit;
        _stalled = new(limit, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_stalled.Token, ct);
    }

    public CancellationToken Token => _either.Token;

    /// <summary>Whether it was this watch, and not the caller, that cancelled.</summary>
    public bool HasStalled => _stalled.IsCancellationRequested;

    public void Moved() => _stalled.CancelAfter(_limit);

    public void Dispose()
    {
        _either.Dispose();
        _stalled.Dispose();
    }
}

/// <summary>Passes bytes on, tells a watch that they move, and stops at a limit.</summary>
internal sealed class WatchedStream(Stream inner, StallWatch watch, long limitBytes) : Stream
{
    private long _passed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => _passed;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        watch.Moved();
        _passed += read;
        return _passed <= limitBytes ? read : throw new MediaTooLargeException($"the file is larger than {limitBytes} bytes");
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
