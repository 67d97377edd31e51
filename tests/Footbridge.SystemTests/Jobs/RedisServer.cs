using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Footbridge.Jobs.Redis;
using StackExchange.Redis;

namespace Footbridge.SystemTests.Jobs;

/// <summary>A real redis-server of this test run: a loopback port and a folder of its own, append-only file on.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    /// <summary>Tells a child process of a test where its parent's shared server is.</summary>
    public const string SharedVariable = "FOOTBRIDGE_TEST_REDIS";

    private static readonly ConcurrentDictionary<string, Lazy<Task<RedisServer>>> Shared = new();
    private readonly TempFolder _folder = new();
    private readonly string _program;
    private readonly string[] _settings;
    private Process? _process;

    private RedisServer(string program, int port, string[] settings)
    {
        (_program, Port, _settings) = (program, port, settings);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => _process?.Kill();
    }

    public int Port { get; }

    public string Folder => _folder.FullName;

    public RedisAddress Address => RedisAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{Port}"));

    public static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>One server for all tests that only need some server; they keep apart by their prefixes.</summary>
    public static Task<RedisServer> SharedAsync(string program = "redis-server")
    {
        Demand(program);
        return Shared.GetOrAdd(program, name => new Lazy<Task<RedisServer>>(() => StartAsync(name, []))).Value;
    }

    /// <summary>A server for one test, which may kill it. Skips the test where the program is missing, except on CI.</summary>
    /// <param name="settings">As on the command line, <c>--appendfsync always</c> as two; <c>@port</c> is the server's port.</param>
    public static Task<RedisServer> StartAsync(params string[] settings)
    {
        Demand("redis-server");
        return StartAsync("redis-server", settings);
    }

    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo(
            _program,
            [
                "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.FullName, "--save", "", "--appendonly", "yes",
                "--daemonize", "no",
                "--repl-diskless-sync-delay", "0",
                .. _settings.Select(setting => setting == "@port" ? Port.ToString(CultureInfo.InvariantCulture) : setting),
            ])
        {
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        var said = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            said.Add(line);
            if (!line.Contains("Ready to accept connections", StringComparison.Ordinal)) continue;
            // Read on, or a full pipe would stop the server.
            _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return;
        }

        throw new InvalidOperationException($"{_program} did not start: {string.Join('\n', said)}");
    }

    /// <summary>One command over a connection of its own.</summary>
    public async Task<string?> RunAsync(string command, params string[] args)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port},allowAdmin=true"));
        return (string?)await connection.GetServers()[0].ExecuteAsync(command, [.. args]);
    }

    /// <summary>SIGKILL: no goodbye, nothing flushed.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private static void Demand(string program)
    {
        if (IsInstalled(program)) return;
        var missing = $"{program} is not installed (bin/install-test-tools)";
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", missing);
        throw new InvalidOperationException(missing);
    }

    private static async Task<RedisServer> StartAsync(string program, string[] settings)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var server = new RedisServer(program, port, settings);
        await server.StartAgainAsync();
        return server;
    }
}
