using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Footbridge.SystemTests.Demo;

/// <summary>The simulator as users start it: the built program in a process of its own.</summary>
internal sealed class SimulatorProgram : IAsyncDisposable
{
    private const int SigTerm = 15;
    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly Task<string> _errors;
    private readonly TempDirectory _temp;

    private SimulatorProgram(Process process, TempDirectory temp) => (_process, _temp, _errors) = (process, temp, process.StandardError.ReadToEndAsync());

    public static string ProductFile => Path.Combine(AppContext.BaseDirectory, "Footbridge.Server.dll");

    public static string SimulatorFile => Path.Combine(AppContext.BaseDirectory, "Footbridge.Simulator.dll");

    /// <summary>What the program has left in its temporary folder.</summary>
    public IEnumerable<string> LeftOver => Directory.EnumerateFileSystemEntries(_temp.Path, "footbridge-*");

    public static SimulatorProgram Start(params string[] args)
    {
        var temp = new TempDirectory();
        var start = new ProcessStartInfo("dotnet", [SimulatorFile, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TMPDIR"] = temp.Path;
        return new(Process.Start(start)!, temp);
    }

    /// <summary>Reads on until a line begins as asked, and gives the first word after that.</summary>
    public async Task<string> ReadAsync(string beginning, CancellationToken ct)
    {
        while (await _process.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            _output.Add(line);
            if (line.Trim().StartsWith(beginning, StringComparison.Ordinal)) return line.Trim()[beginning.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        }

        throw new InvalidOperationException($"the program ended without '{beginning}':\n{string.Join('\n', _output)}\n{await _errors}");
    }

    /// <summary>Waits for the end; gives the exit code and what was said as an error.</summary>
    public async Task<(int Code, string Errors)> EndAsync(CancellationToken ct)
    {
        await _process.StandardOutput.ReadToEndAsync(ct);
        await _process.WaitForExitAsync(ct);
        return (_process.ExitCode, await _errors);
    }

    /// <summary>Asks the program to stop, as Ctrl-C and service managers do.</summary>
    public void Stop() => Assert.Equal(0, Signal(_process.Id, SigTerm));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _temp.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);

    private sealed class TempDirectory : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("demo-test-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
