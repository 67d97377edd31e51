using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Footbridge.SystemTests.Bridge;

/// <summary>The product as people run it: a process of its own, which can be killed, on a data folder that outlives it.</summary>
internal sealed class ProductProcess(string folder, IReadOnlyDictionary<string, string> environment) : IAsyncDisposable
{
    /// <summary>Names another build of the product to run, such as the published one; benchmarks measure that.</summary>
    public const string ProgramVariable = "FOOTBRIDGE_PROGRAM";

    public const string ApiKey = "key-of-a-process-under-test";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentQueue<string> _output = new();
    private readonly HttpClient _api = NewClient();
    private Process? _process;

    public Uri Url { get; } = new($"http://127.0.0.1:{FreePort()}");

    public HttpClient Api => _api;

    /// <summary>From the start of the process to its first answer.</summary>
    public TimeSpan StartTook { get; private set; }

    public long ResidentBytes
    {
        get
        {
            _process!.Refresh();
            return _process.WorkingSet64;
        }
    }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process!.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Whether a library lies in the process's memory; on Linux.</summary>
    public bool HasLoaded(string library) => File.ReadAllText($"/proc/{_process!.Id}/maps").Contains(library, StringComparison.Ordinal);

    /// <summary>What the process printed, for a failed test's message.</summary>
    public string Output => string.Join('\n', _output);

    public async Task StartAsync(CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        _process = Process.Start(Command())!;
        foreach (var stream in new[] { _process.StandardOutput, _process.StandardError }) _ = DrainAsync(stream);
        while (true)
        {
            try
            {
                using var pong = await _api.GetAsync("/ping", ct);
                if (pong.IsSuccessStatusCode) break;
            }
            catch (HttpRequestException) when (!_process.HasExited && Stopwatch.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);
            }
        }

        StartTook = Stopwatch.GetElapsedTime(began);
    }

    /// <summary>SIGKILL: no goodbye, no flush.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits until the process has ended by itself.</summary>
    public Task EndedAsync(CancellationToken ct) => _process!.WaitForExitAsync(ct);

    /// <summary>SIGTERM, as an orchestrator stops it; gives its exit code.</summary>
    public async Task<int> StopAsync(CancellationToken ct)
    {
        using var signal = Process.Start("kill", ["-TERM", _process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await signal.WaitForExitAsync(ct);
        await _process.WaitForExitAsync(ct);
        return _process.ExitCode;
    }

    public async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _api.SendAsync(request, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        if (!response.IsSuccessStatusCode) throw new HttpRequestException($"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    /// <summary>Waits until a session has a status, looking every 20 ms.</summary>
    public async Task WaitStatusAsync(string session, string status, CancellationToken ct)
    {
        while ((await SendAsync(HttpMethod.Get, $"/api/sessions/{session}", null, ct))!["status"]!.ToString() != status)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
        _api.Dispose();
    }

    private static HttpClient NewClient()
    {
        var handler = new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) };
        return new(handler);
    }

    private ProcessStartInfo Command()
    {
        _api.BaseAddress ??= Url;
        if (!_api.DefaultRequestHeaders.Contains("X-Api-Key")) _api.DefaultRequestHeaders.Add("X-Api-Key", ApiKey);
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Environment.GetEnvironmentVariable(ProgramVariable) is { } program ? Path.GetFullPath(program) : Path.Combine(AppContext.BaseDirectory, "Footbridge.Server.dll") },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        start.Environment["WHATSAPP_API_PORT"] = Url.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["FOOTBRIDGE_BIND"] = "127.0.0.1";
        start.Environment["FOOTBRIDGE_DATA"] = folder;
        start.Environment["WAHA_API_KEY"] = ApiKey;
        start.Environment["WAHA_LOG_LEVEL"] = "warn";
        return start;
    }

    private async Task DrainAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync() is { } line) _output.Enqueue(line);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
