using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Interop;

/// <summary>An npm WhatsApp client in a process of its own: a further device of a phone in the simulator.</summary>
internal sealed class NpmClient : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder = Directory.CreateTempSubdirectory("interop-").FullName;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode?>> _commands = new();
    private readonly Lock _gate = new();
    private readonly List<JsonObject> _events = [];
    private readonly List<(Func<JsonObject, bool> Matches, TaskCompletionSource<JsonObject> Found)> _waiting = [];
    private int _lastCommand;

    private NpmClient(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Take(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static TheoryData<string> Names => ["baileys", "zapo"];

    /// <summary>Texts from others, in the order they arrived.</summary>
    public IReadOnlyList<(string Id, string Text, string? QuotedId)> Received
    {
        get
        {
            lock (_gate)
            {
                return [.. _events.Where(e => Is(e, "message") && !e["fromMe"]!.GetValue<bool>()).Select(e => (e["id"]!.ToString(), e["text"]?.ToString() ?? "", e["quotedId"]?.ToString()))];
            }
        }
    }

    /// <summary>Starts a client and links it to a phone; skips the test where node is missing, except on CI.</summary>
    public static async Task<NpmClient> StartAsync(string name, WhatsAppSimulator whatsApp, FakePhone phone, CancellationToken ct)
    {
        var scripts = Path.Combine(Repository.Root, "tests/interop");
        if (!Directory.Exists(Path.Combine(scripts, "node_modules")))
        {
            const string Missing = "tests/interop/node_modules is missing: install node and run bin/install-test-tools";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Missing);
            throw new InvalidOperationException(Missing);
        }

        var start = new ProcessStartInfo("node", [Path.Combine(scripts, name + ".mjs")]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var client = new NpmClient(Process.Start(start)!);
        await client.RunAsync("connect", new() { ["url"] = whatsApp.ChatUrl.ToString(), ["rootPub"] = Convert.ToHexString(whatsApp.RootPublicKey), ["dir"] = client._folder }, ct);
        var qr = await client.WaitAsync(e => Is(e, "qr"), ct);
        await phone.PairAsync(qr["qr"]!.ToString(), ct);
        await client.WaitAsync(e => Is(e, "open"), ct);
        return client;
    }

    public async Task<string> SendTextAsync(string toDigits, string text, string? quotedId, CancellationToken ct)
    {
        var result = await RunAsync("sendText", new() { ["to"] = toDigits, ["text"] = text, ["quotedId"] = quotedId }, ct);
        return result!["id"]!.ToString();
    }

    public Task ReadAsync(string fromDigits, string id, CancellationToken ct) => RunAsync("read", new() { ["from"] = fromDigits, ["id"] = id }, ct);

    /// <summary>Loses all Signal sessions, so that the next message cannot be opened.</summary>
    public Task ForgetSessionsAsync(CancellationToken ct) => RunAsync("forgetSessions", [], ct);

    public async Task ReconnectAsync(CancellationToken ct)
    {
        int opened;
        lock (_gate) opened = _events.Count(e => Is(e, "open"));
        await RunAsync("close", [], ct);
        await RunAsync("reopen", [], ct);
        await WaitAsync(_ => _events.Count(e => Is(e, "open")) > opened, ct);
    }

    public Task<JsonObject> WaitTextAsync(string text, CancellationToken ct) => WaitAsync(e => Is(e, "message") && e["text"]?.ToString() == text, ct);

    public async Task<JsonObject> WaitAsync(Func<JsonObject, bool> matches, CancellationToken ct)
    {
        Task<JsonObject> found;
        lock (_gate)
        {
            if (_events.FirstOrDefault(matches) is { } past) return past;
            var waiter = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((matches, waiter));
            found = waiter.Task;
        }

        try
        {
            return await found.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            lock (_gate) throw new TimeoutException("waiting for the npm client; its last events: " + string.Join('\n', _events.TakeLast(8).Select(e => e.ToJsonString())));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static bool Is(JsonObject e, string name) => e["event"]!.ToString() == name;

    private async Task<JsonNode?> RunAsync(string op, JsonObject args, CancellationToken ct)
    {
        var number = Interlocked.Increment(ref _lastCommand);
        var done = new TaskCompletionSource<JsonNode?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _commands[number] = done;
        (args["op"], args["n"]) = (op, number);
        await _process.StandardInput.WriteLineAsync(args.ToJsonString().AsMemory(), ct);
        await _process.StandardInput.FlushAsync(ct);
        return await done.Task.WaitAsync(ct);
    }

    private void Take(string? line)
    {
        // Some clients print warnings of their own among the events.
        if (line is not ['{', ..] || JsonNode.Parse(line) is not JsonObject e || e["event"] is null) return;
        if (e["n"] is { } number && _commands.TryRemove(number.GetValue<int>(), out var command))
        {
            if (Is(e, "done")) command.SetResult(e["result"]);
            else command.SetException(new InvalidOperationException(e["error"]!.ToString()));
            return;
        }

        lock (_gate)
        {
            _events.Add(e);
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (!_waiting[i].Matches(e)) continue;
                _waiting[i].Found.TrySetResult(e);
                _waiting.RemoveAt(i);
            }
        }
    }
}
