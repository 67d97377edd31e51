using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Footbridge.Simulator.Chatwoot.Webhooks;

/// <summary>Calls the inbox's webhook once, with 5 s of patience, each call a task of its own; Chatwoot never tries again.</summary>
internal sealed class WebhookSender : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { Timeout = TimeSpan.FromSeconds(5) };

    public Uri? Url { get; set; }

    /// <summary>True when the callee answered with success (or there is nobody to call).</summary>
    public async Task<bool> SendAsync(JsonObject body)
    {
        if (Url is null) return true;
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString())) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        try
        {
            using var response = await _http.PostAsync(Url, content);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _http.Dispose();
}
