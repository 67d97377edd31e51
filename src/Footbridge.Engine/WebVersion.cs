using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Footbridge.Engine;

/// <summary>The web version that clients tell the server, 2.3000.N; it only moves upward. Thread-safe; one for all accounts of a process.</summary>
/// <remarks>Source: docs/protocol/connection.md.</remarks>
public sealed partial class WebVersion(uint revision = WebVersion.Shipped)
{
    /// <summary>The revision that this release was made with.</summary>
    public const uint Shipped = 1043857760;

    /// <summary>Look-ups within one hour, whoever asks.</summary>
    public const int LooksPerHour = 3;

    private const int MaxPageBytes = 8 * 1024 * 1024;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);
    private readonly SemaphoreSlim _looking = new(1);
    private readonly Queue<long> _looks = [];
    private uint _revision = revision;

    /// <summary>N, as in 2.3000.N.</summary>
    public uint Revision => Volatile.Read(ref _revision);

    /// <summary>Whether there is a newer revision than one that was refused; looks at the page unless the hour's looks are used up.</summary>
    /// <exception cref="HttpRequestException">The page cannot be had, or holds no revision.</exception>
    internal async Task<bool> IsThereNewerAsync(uint refused, Uri page, HttpMessageHandler handler, TimeProvider time, CancellationToken ct)
    {
        await _looking.WaitAsync(ct);
        try
        {
            if (Revision <= refused && MayLook(time))
            {
                var found = await LookAsync(page, handler, time, ct);
                if (found > Revision) Volatile.Write(ref _revision, found);
            }

            return Revision > refused;
        }
        finally
        {
            _looking.Release();
        }
    }

    private bool MayLook(TimeProvider time)
    {
        while (_looks.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= Hour) _looks.Dequeue();
        if (_looks.Count >= LooksPerHour) return false;
        _looks.Enqueue(time.GetTimestamp());
        return true;
    }

    private static async Task<uint> LookAsync(Uri page, HttpMessageHandler handler, TimeProvider time, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        using var http = new HttpMessageInvoker(handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, page);
        request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36");
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Mode", "navigate");
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            response.EnsureSuccessStatusCode();
            var match = Number().Match(await ReadAsync(response, either.Token));
            return match.Success && uint.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new HttpRequestException("the page names no revision");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new HttpRequestException("the page did not come in time");
        }
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var buffer = new byte[16 * 1024];
        using var text = new MemoryStream();
        for (int read; (read = await stream.ReadAsync(buffer, ct)) > 0;)
        {
            if (text.Length + read > MaxPageBytes) throw new HttpRequestException($"the page is larger than {MaxPageBytes} bytes");
            text.Write(buffer, 0, read);
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    [GeneratedRegex("\"client_revision\":\\s*([0-9]{1,10})")]
    private static partial Regex Number();
}
