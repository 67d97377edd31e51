using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Footbridge.Simulator.Chatwoot.Webhooks;

/// <summary>Calls an inbox's webhook once, with 5 s of patience, each call a task of its own; Chatwoot never tries again.</summary>
internal sealed class WebhookSender(TimeProvider time) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64, AllowAutoRedirect = true }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Null when the callee answered with success, else the error as Chatwoot words it.</summary>
    public async Task<string?> SendAsync(Uri url, string? secret, JsonObject body, string delivery)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        request.Content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        request.Headers.Accept.Add(new("application/json"));
        request.Headers.Add("X-Chatwoot-Delivery", delivery);
        if (secret is not null) Sign(request, secret, bytes);
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            using var response = await _http.SendAsync(request, patience.Token);
            return response.IsSuccessStatusCode ? null : $"{(int)response.StatusCode} {response.ReasonPhrase}";
        }
        catch (HttpRequestException)
        {
            return $"Failed to open TCP connection to {url.Authority}";
        }
        catch (OperationCanceledException)
        {
            return "Net::ReadTimeout with #<TCPSocket:(closed)>";
        }
    }

    private void Sign(HttpRequestMessage request, string secret, byte[] body)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(now + "."), .. body];
        request.Headers.Add("X-Chatwoot-Timestamp", now);
        request.Headers.Add("X-Chatwoot-Signature", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), signed)));
    }

    public void Dispose() => _http.Dispose();
}
