using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Interop;

/// <summary>A node process that holds accounts of one npm WhatsApp client, driven over JSON lines.</summary>
internal sealed class NpmHost : IAsyncDisposable
{
    private readonly Process _process;
    private readonly WhatsAppSimulator _whatsApp;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode?>> _commands = new();
    private readonly ConcurrentDictionary<string, NpmClient> _clients = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly SemaphoreSlim _writing = new(1);
    private int _lastCommand;

    private NpmHost(Process process, WhatsAppSimulator whatsApp)
    {
        (_process, _whatsApp) = (process, whatsApp);
        process.OutputDataReceived += (_, e) => Take(e.Data);
        process.ErrorDataReceived += (_, e) => _errors.Enqueue(e.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static TheoryData<string> Names => ["baileys", "baileys6", "zapo"];

    /// <summary>What the process wrote to its error output, for a failing test's message.</summary>
    public string Errors => string.Join('\n', _errors.TakeLast(20));

    /// <summary>For zapo: writes to phone numbers, not to LIDs. Baileys decides by itself.</summary>
    public bool WritesToNumbers { get; init; }

    /// <summary>Takes in what the phone gives of the past. Baileys then holds all else back until that has come.</summary>
    public bool TakesHistory { get; init; }

    /// <summary>Starts the process; skips the test where node or the packages are missing, except on CI.</summary>
    public static NpmHost Start(string name, WhatsAppSimulator whatsApp, bool writesToNumbers = false, bool takesHistory = false)
    {
        var scripts = Path.Combine(Repository.Root, "tests/interop");
        if (WhatIsMissing(scripts) is { } missing)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", missing);
            throw new InvalidOperationException(missing);
        }

        // Baileys 6 derives its keys beside the arrival of the first frame, and loses one that comes at once.
        if (name == "baileys6") whatsApp.FirstFrameDelay = TimeSpan.FromMilliseconds(100);
        var start = new ProcessStartInfo("node", [Path.Combine(scripts, name + ".mjs")]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // The media host's certificate is its own; this is how these clients are told to take it.
        start.Environment["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
        return new NpmHost(Process.Start(start)!, whatsApp) { WritesToNumbers = writesToNumbers, TakesHistory = takesHistory };
    }

    /// <summary>Links a further device of a phone, run by this process; returns when others can write to it.</summary>
    public async Task<NpmClient> LinkAsync(FakePhone phone, CancellationToken ct)
    {
        var (client, qr) = await ConnectAsync(phone, ct);
        await phone.PairAsync(qr, ct);
        return await LinkedAsync(client, ct);
    }

    /// <summary>The same with a code that the client shows and the phone's owner types.</summary>
    public async Task<NpmClient> LinkByCodeAsync(FakePhone phone, string? code, CancellationToken ct)
    {
        var (client, _) = await ConnectAsync(phone, ct);
        var shown = await client.RunAsync("requestCode", new() { ["phone"] = phone.Number.User, ["code"] = code }, ct);
        // Baileys sends its code without waiting for the server's answer.
        await _whatsApp.Recorder.WaitAsync(s => s.Node.Path("link_code_companion_reg", "link_code_pairing_ref") is not null && !s.IsFromClient, ct);
        await phone.TypeCodeAsync(shown!["code"]!.ToString(), ct);
        return await LinkedAsync(client, ct);
    }

    private async Task<(NpmClient Client, string Qr)> ConnectAsync(FakePhone phone, CancellationToken ct)
    {
        var client = _clients[phone.Number.User] = new NpmClient(this, phone);
        var server = new JsonObject
        {
            ["url"] = _whatsApp.ChatUrl.ToString(),
            ["rootPub"] = Convert.ToHexString(_whatsApp.RootPublicKey),
            ["mediaHost"] = _whatsApp.Media.Authority,
            ["writesToNumbers"] = WritesToNumbers,
            ["takesHistory"] = TakesHistory,
        };
        await client.RunAsync("connect", server, ct);
        var qr = await client.WaitAsync("qr", _ => true, ct);
        return (client, qr["qr"]!.ToString());
    }

    private async Task<NpmClient> LinkedAsync(NpmClient client, CancellationToken ct)
    {
        await client.WaitAsync("open", _ => true, ct);
        // Of all the account's devices it is the newest.
        client.Device = _whatsApp.FindDevice(client.Phone.Number)!.Account.Devices.Last().Phone;
        // zapo says that it is logged in before its prekeys are up, and nobody can write to a device without.
        var upload = await _whatsApp.Recorder.WaitAsync(
            s => s.IsFromClient && s.Device == client.Device && s.Node.Tag == "iq" && s.Node["type"] == "set" && s.Node["xmlns"] == "encrypt", ct);
        await _whatsApp.Recorder.WaitAsync(s => !s.IsFromClient && s.Device == client.Device && s.Node.Tag == "iq" && s.Node["id"] == upload.Node["id"], ct);
        return client;
    }

    public async Task<JsonNode?> RunAsync(string account, string op, JsonObject args, CancellationToken ct)
    {
        var number = Interlocked.Increment(ref _lastCommand);
        var done = new TaskCompletionSource<JsonNode?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _commands[number] = done;
        (args["account"], args["op"], args["n"]) = (account, op, number);
        await _writing.WaitAsync(ct);
        try
        {
            await _process.StandardInput.WriteLineAsync(args.ToJsonString().AsMemory(), ct);
            await _process.StandardInput.FlushAsync(ct);
        }
        finally
        {
            _writing.Release();
        }

        return await done.Task.WaitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _writing.Dispose();
    }

    private static string? WhatIsMissing(string scripts)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "node")))) return "node is not installed; it runs the npm clients (bin/install-test-tools)";
        return Directory.Exists(Path.Combine(scripts, "node_modules")) ? null : "tests/interop/node_modules is missing (bin/install-test-tools)";
    }

    private void Take(string? line)
    {
        // Some clients print warnings of their own among the events.
        if (line is not ['{', ..] || JsonNode.Parse(line) is not JsonObject e || e["event"] is null) return;
        if (e["n"] is not { } number) _clients[e["account"]!.ToString()].Take(e);
        else if (!_commands.TryRemove(number.GetValue<int>(), out var command)) throw new InvalidOperationException("an answer to no command");
        else if (e["event"]!.ToString() == "done") command.SetResult(e["result"]);
        else command.SetException(new InvalidOperationException(e["error"]!.ToString()));
    }
}
