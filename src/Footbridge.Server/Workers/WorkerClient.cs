using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Footbridge.Server.Config;
using Footbridge.Server.Media;

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

    /// <summary>Writes a file of the API to a path, and gives what it is called and its mimetype.</summary>
    /// <inheritdoc cref="AskAsync{T}"/>
    public Task<(string Name, string Mimetype)> FetchAsync(string address, string path, CancellationToken ct) => CallAsync(async () =>
    {
        using var response = await _http.GetAsync(new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct);
        await CheckAsync(response, ct);
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 64 * 1024, FileOptions.Asynchronous);
        await response.Content.CopyToAsync(file, ct);
        var name = response.Headers.TryGetValues(WorkerFiles.NameHeader, out var names) ? Uri.UnescapeDataString(names.First()) : "";
        return (name, response.Content.Headers.ContentType?.ToString() ?? MimeTypes.Unknown);
    }, ct);

    public void Dispose() => _http.Dispose();

    private Task<JsonNode?> SendAsync(string call, JsonArray arguments, CancellationToken ct) => CallAsync(async () =>
    {
        using var content = new StringContent(arguments.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri($"{WorkerApi.Path}/{call}", UriKind.Relative), content, ct);
        await CheckAsync(response, ct);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(ct));
    }, ct);

    private static async Task CheckAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (response.IsSuccessStatusCode) return;
        if (response.StatusCode == HttpStatusCode.Conflict) throw WorkerErrors.Read(JsonNode.Parse(await response.Content.ReadAsStringAsync(ct))!.AsObject());
        throw new ApiAwayException($"the API answered a worker with {(int)response.StatusCode}{Hint(response.StatusCode)}", null);
    }

    private static async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken ct)
    {
        try
        {
            return await call();
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
