using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Webhooks;

/// <summary>The receiver did not take an event.</summary>
/// <remarks>The message names the receiver's host at most: addresses, keys and headers can be secrets.</remarks>
internal sealed class WebhookFailedException(string message, TimeSpan? retryAfter, Exception? inner) : Exception(message, inner)
{
    /// <summary>How long the receiver asks to wait.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>One request to a receiver, as WAHA makes it. Source: docs/webhooks.md.</summary>
internal sealed class WebhookSender(WebhookHttp http, TimeProvider time)
{
    public const string RequestId = "X-Webhook-Request-Id";
    public const string Timestamp = "X-Webhook-Timestamp";
    public const string Hmac = "X-Webhook-Hmac";
    public const string HmacAlgorithm = "X-Webhook-Hmac-Algorithm";
    private const int MaxRedirects = 5;

    /// <summary>What a configured header must not change: what the body is and how long, and our own.</summary>
    private static readonly string[] Reserved = ["Content-Type", "Content-Length", "Transfer-Encoding", "Connection", RequestId, Timestamp, Hmac, HmacAlgorithm];

    /// <summary>Sends a body; gives the status of the answer, which is one of success.</summary>
    /// <exception cref="WebhookFailedException">The receiver is not there, is too slow, or answered anything but success.</exception>
    public async Task<int> SendAsync(Webhook hook, byte[] body, (string Id, long Timestamp) request, CancellationToken ct)
    {
        var origin = new Uri(hook.Url);
        var target = origin;
        for (var hop = 0; ; hop++)
        {
            using var message = Build(hook, target, body, request, IsSamePlace(origin, target));
            using var response = await AskAsync(message, ct);
            var status = (int)response.StatusCode;
            if (response.IsSuccessStatusCode) return status;
            if (NextOf(response, target) is not { } next || hop == MaxRedirects) throw new WebhookFailedException($"the receiver answered {status}", RetryAfterOf(response), null);
            target = next;
        }
    }

    private static HttpRequestMessage Build(Webhook hook, Uri target, byte[] body, (string Id, long Timestamp) request, bool isOrigin)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        // A place that the receiver sends us on to gets none of the headers that may hold its password.
        foreach (var header in isOrigin ? hook.Headers : [])
        {
            if (Reserved.Contains(header.Name, StringComparer.OrdinalIgnoreCase)) continue;
            if (!message.Headers.TryAddWithoutValidation(header.Name, header.Value)) message.Content.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        if (isOrigin && target.UserInfo.Length > 0 && !message.Headers.Contains("Authorization"))
        {
            message.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(target.UserInfo))));
        }

        if (!message.Headers.Contains("User-Agent")) message.Headers.TryAddWithoutValidation("User-Agent", $"WAHA/{EnvironmentInfo.Contract}");
        message.Headers.Add(RequestId, request.Id);
        message.Headers.Add(Timestamp, request.Timestamp.ToString(CultureInfo.InvariantCulture));
        if (hook.HmacKey is { } key)
        {
            message.Headers.Add(Hmac, WebhookSignature.Of(body, key));
            message.Headers.Add(HmacAlgorithm, WebhookSignature.Algorithm);
        }

        return message;
    }

    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage message, CancellationToken ct)
    {
        try
        {
            return await http.Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, ct);
        }
        catch (HttpRequestException e)
        {
            throw new WebhookFailedException($"the receiver cannot be reached: {e.Message}", null, e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new WebhookFailedException($"the receiver did not answer within {http.Client.Timeout.TotalSeconds:0} s", null, e);
        }
    }

    /// <summary>Where the receiver sends us on to; the event goes there whole. Never from an encrypted place to an open one.</summary>
    private static Uri? NextOf(HttpResponseMessage response, Uri from)
    {
        if ((int)response.StatusCode is not (301 or 302 or 307 or 308) || response.Headers.Location is not { } location) return null;
        var to = new Uri(from, location);
        return to.Scheme == "https" || (to.Scheme == "http" && from.Scheme == "http") ? to : null;
    }

    private static bool IsSamePlace(Uri origin, Uri target) => origin.Host == target.Host && (origin.Port == target.Port || target.Scheme == "https");

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null,
    };
}
