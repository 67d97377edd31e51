using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.Simulator.Demo;

/// <summary>The product's HTTP API, as far as the demo uses it, for one session.</summary>
internal sealed class ProductClient : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly HttpClient _http;
    private readonly string _session;
    private readonly TimeProvider _time;

    public ProductClient(Uri url, string apiKey, string session, TimeProvider time)
    {
        (_session, _time) = (session, time);
        _http = new(new SocketsHttpHandler()) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Add("X-Api-Key", apiKey);
    }

    /// <summary>Waits until the product answers.</summary>
    public Task WaitReadyAsync(CancellationToken ct) => WaitAsync(async () => await TryGetAsync("/ping", ct) is not null, ct);

    public Task CreateSessionAsync(CancellationToken ct) => PostAsync("/api/sessions", new() { ["name"] = _session }, ct);

    /// <summary>Takes the code the session shows and lets a phone scan it.</summary>
    public async Task LinkAsync(FakePhone phone, CancellationToken ct)
    {
        await WaitStatusAsync("SCAN_QR_CODE", ct);
        var qr = JsonNode.Parse((await TryGetAsync($"/api/{_session}/auth/qr?format=raw", ct)) ?? throw new SimulatorException("the session shows no code to scan"));
        await phone.PairAsync(qr!["value"]!.ToString(), ct);
        await WaitStatusAsync("WORKING", ct);
    }

    /// <summary>Connects the session with the simulated Chatwoot as a new user does: its inbox is made and set up.</summary>
    public Task ConnectAsync(ChatwootSimulator chatwoot, CancellationToken ct)
    {
        var config = new JsonObject { ["url"] = chatwoot.BaseUrl.ToString(), ["accountToken"] = ChatwootSimulator.Token };
        return PostAsync("/api/apps", new() { ["id"] = "app_" + _session, ["session"] = _session, ["app"] = "chatwoot", ["config"] = config }, ct);
    }

    /// <param name="verb">start, stop, restart or logout.</param>
    public Task RunAsync(string verb, CancellationToken ct) => PostAsync($"/api/sessions/{_session}/{verb}", [], ct);

    /// <summary>The session's status, or null when the product does not answer.</summary>
    public async Task<string?> StatusAsync(CancellationToken ct) =>
        await TryGetAsync($"/api/sessions/{_session}", ct) is { } body ? JsonNode.Parse(body)?["status"]?.ToString() : null;

    public void Dispose() => _http.Dispose();

    private Task WaitStatusAsync(string status, CancellationToken ct) => WaitAsync(async () => await StatusAsync(ct) == status, ct);

    private async Task WaitAsync(Func<Task<bool>> condition, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Pause, _time);
        while (!await condition()) await timer.WaitForNextTickAsync(ct);
    }

    private async Task<string?> TryGetAsync(string path, CancellationToken ct)
    {
        try
        {
            using var response = await _http.GetAsync(path, ct);
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(ct) : null;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    private async Task PostAsync(string path, JsonObject body, CancellationToken ct)
    {
        try
        {
            using var response = await _http.PostAsJsonAsync(path, body, ct);
            if (!response.IsSuccessStatusCode) throw new SimulatorException($"Footbridge refused {path} ({(int)response.StatusCode}): {await response.Content.ReadAsStringAsync(ct)}");
        }
        catch (HttpRequestException e)
        {
            throw new SimulatorException($"Footbridge does not answer: {e.Message}", e);
        }
    }
}
