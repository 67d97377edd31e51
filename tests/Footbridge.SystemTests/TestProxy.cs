using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Footbridge.SystemTests;

/// <summary>A proxy on loopback that speaks HTTP CONNECT and SOCKS5 and writes down where it was asked to go.</summary>
internal sealed class TestProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private readonly ConcurrentQueue<string> _targets = new();
    private readonly ConcurrentQueue<int> _ports = new();
    private readonly string? _user;
    private readonly string? _password;
    private readonly Task _accepting;

    private TestProxy(string? user, string? password)
    {
        (_user, _password) = (user, password);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Where tunnels were opened to, as <c>host:port</c>.</summary>
    public IReadOnlyCollection<string> Targets => _targets;

    /// <summary>Local ports that tunnels left from.</summary>
    public IReadOnlyCollection<int> Ports => _ports;

    /// <summary>Clients whose user or password was wrong.</summary>
    public int Refused { get; private set; }

    public static TestProxy Start(string? user = null, string? password = null) => new(user, password);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        foreach (var client in _clients) client.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _clients.Add(client);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            await using var stream = client.GetStream();
            var first = await ByteAsync(stream);
            var target = first == 5 ? await Socks5Async(stream) : await ConnectAsync(stream, (char)first);
            if (target is null) return;
            _targets.Enqueue(target);
            var parts = target.Split(':');
            using var upstream = new TcpClient();
            _clients.Add(upstream);
            await upstream.ConnectAsync(parts[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), _stop.Token);
            _ports.Enqueue(((IPEndPoint)upstream.Client.LocalEndPoint!).Port);
            await stream.WriteAsync(first == 5 ? [5, 0, 0, 1, 0, 0, 0, 0, 0, 0] : "HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _stop.Token);
            await using var far = upstream.GetStream();
            await Task.WhenAny(stream.CopyToAsync(far, _stop.Token), far.CopyToAsync(stream, _stop.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side went away.
        }
    }

    private async Task<string?> ConnectAsync(NetworkStream stream, char first)
    {
        var head = new StringBuilder().Append(first);
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) head.Append((char)await ByteAsync(stream));
        var lines = head.ToString().Split("\r\n");
        var expected = "Proxy-Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_user}:{_password}"));
        if (_user is null || lines.Contains(expected)) return lines[0].Split(' ')[1];
        Refused++;
        await stream.WriteAsync("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _stop.Token);
        return null;
    }

    private async Task<string?> Socks5Async(NetworkStream stream)
    {
        var methods = new byte[await ByteAsync(stream)];
        await stream.ReadExactlyAsync(methods, _stop.Token);
        byte method = _user is null ? (byte)0 : (byte)2;
        await stream.WriteAsync(new byte[] { 5, methods.Contains(method) ? method : (byte)0xFF }, _stop.Token);
        if (method == 2 && !await IsLoginAsync(stream)) return null;
        var request = new byte[4];
        await stream.ReadExactlyAsync(request, _stop.Token);
        var host = request[3] switch
        {
            1 => new IPAddress(await BytesAsync(stream, 4)).ToString(),
            3 => Encoding.ASCII.GetString(await BytesAsync(stream, await ByteAsync(stream))),
            _ => throw new IOException("no such address type"),
        };
        var port = await BytesAsync(stream, 2);
        return $"{host}:{port[0] << 8 | port[1]}";
    }

    private async Task<bool> IsLoginAsync(NetworkStream stream)
    {
        await ByteAsync(stream);
        var user = Encoding.UTF8.GetString(await BytesAsync(stream, await ByteAsync(stream)));
        var password = Encoding.UTF8.GetString(await BytesAsync(stream, await ByteAsync(stream)));
        var isRight = user == _user && password == _password;
        if (!isRight) Refused++;
        await stream.WriteAsync(new byte[] { 1, isRight ? (byte)0 : (byte)1 }, _stop.Token);
        return isRight;
    }

    private async Task<byte> ByteAsync(NetworkStream stream) => (await BytesAsync(stream, 1))[0];

    private async Task<byte[]> BytesAsync(NetworkStream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, _stop.Token);
        return bytes;
    }
}
