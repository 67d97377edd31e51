using System.Net;
using System.Net.Sockets;

namespace Footbridge.Server.Security;

/// <summary>Keeps addresses that callers name from leading to what only this machine can reach.</summary>
internal static class AddressGuard
{
    /// <summary>Whether an address may be called: never link-local, unspecified or multicast; private and loopback by setting.</summary>
    public static bool IsAllowed(IPAddress address, bool mayBePrivate)
    {
        address = Inner(address);
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.IsIPv6LinkLocal || address.IsIPv6Multicast) return false;
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            var bytes = address.GetAddressBytes();
            if (bytes is [169, 254, ..] or [>= 224, ..] or [0, ..]) return false;
            if (bytes is [10, ..] or [192, 168, ..] or [172, >= 16 and <= 31, ..] or [100, >= 64 and <= 127, ..]) return mayBePrivate;
        }

        return mayBePrivate || !(IPAddress.IsLoopback(address) || address.IsIPv6UniqueLocal || address.IsIPv6SiteLocal);
    }

    /// <summary>The IPv4 address that an IPv6 address leads to (mapped, NAT64, 6to4), else the address itself.</summary>
    private static IPAddress Inner(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        return bytes switch
        {
            [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, ..] => new(bytes.AsSpan(12)),
            [0x20, 0x02, ..] => new(bytes.AsSpan(2, 4)),
            _ => address,
        };
    }

    /// <summary>Connects only to addresses that may be called; a host none of whose addresses may be is an <see cref="HttpRequestException"/>.</summary>
    public static Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> Connect(bool mayBePrivate) =>
        (context, ct) => ConnectAsync(context.DnsEndPoint, mayBePrivate, ct);

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, bool mayBePrivate, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, ct);
        var allowed = addresses.Where(address => IsAllowed(address, mayBePrivate)).ToArray();
        if (allowed.Length == 0) throw new HttpRequestException($"the address of {target.Host} must not be called");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
