using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Footbridge.Simulator.Demo;

/// <summary>The product as a child process: started with an environment, stopped as a service manager would stop it.</summary>
internal sealed class ProductProcess : IAsyncDisposable
{
    private const int KeptLines = 30;
    private const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = [];

    private ProductProcess(Process process, TimeProvider time)
    {
        (_process, _time) = (process, time);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Completes when the process is gone and its last output has been read.</summary>
    public Task WaitForExitAsync(CancellationToken ct) => _process.WaitForExitAsync(ct);

    public bool HasExited => _process.HasExited;

    public static ProductProcess Start(string assembly, string folder, IReadOnlyDictionary<string, string> environment, TimeProvider time)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", [assembly])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // The demo says how the product runs; settings of the person's shell must not point it elsewhere.
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new(Process.Start(start)!, time);
    }

    /// <summary>What became of a process that ended by itself, with the last of what it said.</summary>
    public string Obituary()
    {
        lock (_gate) return $"Footbridge stopped (exit code {_process.ExitCode}). Its last output:\n{string.Join('\n', _lines.DefaultIfEmpty("(none)").Select(line => "  " + line))}";
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited) Ask();
            using var timeout = new CancellationTokenSource(Patience, _time);
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("FOOTBRIDGE_", StringComparison.Ordinal) || name.StartsWith("WAHA_", StringComparison.Ordinal)
        || name.StartsWith("WHATSAPP_", StringComparison.Ordinal) || name is "PORT" or "REDIS_URL" or "ASPNETCORE_URLS";

    private void Ask()
    {
        // Windows has no signal for this; there the process is ended, and finds its data as a crash would leave it.
        if (OperatingSystem.IsWindows()) _process.Kill(entireProcessTree: true);
        else _ = Signal(_process.Id, SigTerm);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_gate)
        {
            _lines.Enqueue(line);
            if (_lines.Count > KeptLines) _lines.Dequeue();
        }
    }
}
