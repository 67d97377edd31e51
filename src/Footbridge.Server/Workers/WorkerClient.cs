using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Footbridge.Server.Config;

namespace Footbridge.Server.Workers;

/// <summary>A worker's calls to the process that has the database and the sessions.</summary>
internal sealed class WorkerClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly HttpClient _http;

    public WorkerClient(Settings settings)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        _http = new HttpClient(handler) { BaseAddress = settings.ApiUrl, Timeout = Patience };
        _http.DefaultRequestHeaders.Add(WorkerApi.KeyHeader, settings.WorkerKey);
    }

    /// <exception cref="ApiAwayException">The API does not answer, or not as it should.</exception>
    public async Task<T?> AskAsync<T>(string call, JsonArray arguments, JsonTypeInfo<T> type, CancellationToken ct) =>
        await SendAsync(call, arguments, ct) is { } answer ? answer.Deserialize(type) : default;

    /// <inheritdoc cref="AskAsync{T}"/>
    public Task TellAsync(string call, JsonArray arguments, CancellationToken ct) => SendAsync(call, arguments, ct);

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode?> SendAsync(string call, JsonArray arguments, CancellationToken ct)
    {
        try
        {
            using var content = new StringContent(arguments.ToJsonString(), Encoding.UTF8, "application/json");
            using var response = await _http.PostAsync(new Uri($"{WorkerApi.Path}/{call}", UriKind.Relative), content, ct);
            var text = await response.Content.ReadAsStringAsync(ct);
            if (response.IsSuccessStatusCode) return JsonNode.Parse(text);
            if (response.StatusCode == HttpStatusCode.Conflict) throw WorkerErrors.Read(JsonNode.Parse(text)!.AsObject());
            throw new ApiAwayException($"the API answered a worker with {(int)response.StatusCode}{Hint(response.StatusCode)}", null);
        }
        catch (HttpRequestException e)
        {
            throw new ApiAwayException($"the API cannot be reached: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new ApiAwayException("the API did not answer in time", e);
        }
        catch (JsonException e)
        {
            throw new ApiAwayException("the API answered something that is not JSON; is FOOTBRIDGE_API_URL right?", e);
        }
    }

    private static string Hint(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => ": FOOTBRIDGE_WORKER_KEY is not the same on both sides",
        HttpStatusCode.NotFound => ": FOOTBRIDGE_WORKER_KEY is not set there, or FOOTBRIDGE_API_URL is wrong",
        _ => "",
    };
}
