using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Footbridge.SystemTests.Jobs;
using Npgsql;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>A real PostgreSQL of this test run, on a loopback port and a folder of its own; each test has a database in it.</summary>
internal sealed class PostgresServer
{
    private const string User = "postgres";
    private static readonly Lazy<Task<PostgresServer>> Shared = new(StartAsync);
    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort();
    private Process? _process;

    private PostgresServer() => AppDomain.CurrentDomain.ProcessExit += (_, _) => _process?.Kill();

    /// <summary>Skips the test where PostgreSQL is missing, except on CI.</summary>
    public static Task<PostgresServer> SharedAsync()
    {
        if (Programs() is not null) return Shared.Value;
        const string Missing = "postgresql is not installed (bin/install-test-tools)";
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Missing);
        throw new InvalidOperationException(Missing);
    }

    /// <summary>A database of its own; gives its address as operators write it.</summary>
    public async Task<(string Url, NpgsqlConnection Connection)> CreateAsync(string sql, CancellationToken ct)
    {
        var name = "chatwoot_" + Guid.NewGuid().ToString("N");
        await using (var server = new NpgsqlConnection(Connection("postgres")))
        {
            await server.OpenAsync(ct);
            await RunAsync(server, $"CREATE DATABASE {name}", ct);
        }

        var connection = new NpgsqlConnection(Connection(name));
        await connection.OpenAsync(ct);
        await RunAsync(connection, sql, ct);
        return (string.Create(CultureInfo.InvariantCulture, $"postgres://{User}:secret@127.0.0.1:{_port}/{name}"), connection);
    }

    public static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
#pragma warning disable CA2100 // The tests' own statements.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        if (Environment.IsPrivilegedProcess) await EndAsync(Process.Start("chown", [User, server._folder.FullName]));
        var data = server._folder.File("data");
        await EndAsync(Process.Start(Command("initdb", "-D", data, "-A", "trust", "-U", User, "--no-sync", "-E", "UTF8"))!);
        server._process = Process.Start(Command(
            "postgres", "-D", data, "-p", server._port.ToString(CultureInfo.InvariantCulture), "-h", "127.0.0.1", "-k", server._folder.FullName, "-c", "fsync=off"))!;
        while (await server._process.StandardError.ReadLineAsync() is { } line)
        {
            if (!line.Contains("ready to accept connections", StringComparison.Ordinal)) continue;
            _ = server._process.StandardError.BaseStream.CopyToAsync(Stream.Null);
            return server;
        }

        throw new InvalidOperationException("postgres did not start");
    }

    /// <summary>PostgreSQL does not run as root.</summary>
    private static ProcessStartInfo Command(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs()!, program);
        return Environment.IsPrivilegedProcess
            ? new("setpriv", [$"--reuid={User}", $"--regid={User}", "--clear-groups", path, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true }
            : new(path, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
    }

    /// <summary>Debian keeps them out of the path, a folder for each version.</summary>
    private static string? Programs()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).AsEnumerable();
        if (Directory.Exists("/usr/lib/postgresql")) folders = Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Concat(folders);
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    private static async Task EndAsync(Process process)
    {
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{process.StartInfo.FileName} ended with {process.ExitCode}");
        process.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private string Connection(string database) => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username={User};Database={database};Pooling=false");
}
