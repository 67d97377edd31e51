using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.Bench.Engine;

/// <summary>A client in a process of its own, so that what it costs can be told from what the simulator costs.</summary>
internal sealed class MeasuredClient : IAsyncDisposable
{
    private const double TicksPerSecond = 100;
    private readonly Process _process;
    private readonly WhatsAppSimulator _whatsApp;
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _commands = new();
    private readonly ConcurrentDictionary<string, FakePhone> _phones = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();
    private int _last;

    private MeasuredClient(string name, ProcessStartInfo start, WhatsAppSimulator whatsApp)
    {
        (Name, _whatsApp) = (name, whatsApp);
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => Take(e.Data);
        _process.BeginOutputReadLine();
    }

    public string Name { get; }

    public static MeasuredClient StartOwn(WhatsAppSimulator whatsApp)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(MeasuredClient).Assembly.Location, "engine-client"]);
        start.Environment["DOTNET_TieredPGO"] = "0";
        return new("Footbridge's engine", start, whatsApp);
    }

    public static MeasuredClient StartBaileys(WhatsAppSimulator whatsApp) =>
        new("npm's baileys", new("node", ["--expose-gc", "bench/baileys/driver.mjs"]), whatsApp);

    /// <summary>Why the comparison cannot run here, or null; installs what npm can.</summary>
    public static string? WhatIsMissing()
    {
        const string Folder = "bench/baileys";
        if (!File.Exists($"{Folder}/driver.mjs")) return "start the bench from the repository, bench/baileys/driver.mjs is not there";
        if (Directory.Exists($"{Folder}/node_modules")) return null;
        using var install = Process.Start(new ProcessStartInfo("npm", "ci --ignore-scripts --no-audit --no-fund --silent") { WorkingDirectory = Folder });
        install!.WaitForExit();
        return install.ExitCode == 0 ? null : $"npm ci in {Folder} failed: baileys is needed for the comparison";
    }

    /// <summary>Processor time so far, of all cores.</summary>
    public TimeSpan Cpu
    {
        get
        {
            var fields = File.ReadAllText($"/proc/{_process.Id}/stat").Split(") ")[1].Split(' ');
            return TimeSpan.FromSeconds((Number(fields[11]) + Number(fields[12])) / TicksPerSecond);
        }
    }

    /// <summary>Resident memory now.</summary>
    public long Bytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return (long)Number(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
        }
    }

    /// <summary>Links one more device to a phone, as the account of the phone's number.</summary>
    public Task LinkAsync(FakePhone phone, CancellationToken ct)
    {
        _phones[phone.Number.User] = phone;
        return RunAsync(phone.Number.User, "connect", ct);
    }

    public Task RunAsync(string account, string op, CancellationToken ct, JsonObject? args = null)
    {
        var n = Interlocked.Increment(ref _last);
        var done = _commands[n] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var line = args ?? [];
        (line["n"], line["op"], line["account"], line["url"], line["root"]) =
            (n, op, account, _whatsApp.ChatUrl.ToString(), Convert.ToHexString(_whatsApp.RootPublicKey));
        lock (_writing)
        {
            _process.StandardInput.WriteLine(line.ToJsonString());
            _process.StandardInput.Flush();
        }

        return done.Task.WaitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(string? text)
    {
        if (text is not ['{', ..]) return;
        var line = JsonNode.Parse(text)!;
        if (line["qr"] is { } qr) _ = _phones[line["account"]!.ToString()].PairAsync(qr.ToString(), CancellationToken.None);
        else if (line["error"] is { } error) _commands[line["n"]!.GetValue<int>()].TrySetException(new InvalidOperationException(error.ToString()));
        else _commands[line["n"]!.GetValue<int>()].TrySetResult();
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
