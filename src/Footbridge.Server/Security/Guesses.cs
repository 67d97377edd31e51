using System.Net;
using System.Net.Sockets;

namespace Footbridge.Server.Security;

/// <summary>Counts wrong passwords by address: ten at once, then one each half minute.</summary>
internal sealed class Guesses(TimeProvider time)
{
    public const int Burst = 10;
    public static readonly TimeSpan Each = TimeSpan.FromSeconds(30);
    private const int MaxAddresses = 10_000;
    private readonly Lock _gate = new();

    /// <summary>By address, when all its guesses are forgotten.</summary>
    private readonly Dictionary<IPAddress, DateTimeOffset> _forgotten = [];

    /// <summary>How long an address has to wait, or null.</summary>
    public TimeSpan? Wait(IPAddress address)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (!_forgotten.TryGetValue(Network(address), out var until)) return null;
            var wait = until - now - (Each * (Burst - 1));
            return wait > TimeSpan.Zero ? wait : null;
        }
    }

    public void Count(IPAddress address)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_forgotten.Count >= MaxAddresses) MakeRoom(now);
            var network = Network(address);
            var from = _forgotten.TryGetValue(network, out var until) && until > now ? until : now;
            _forgotten[network] = from + Each;
        }
    }

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (address, until) in _forgotten) if (until <= now) _forgotten.Remove(address);
        if (_forgotten.Count < MaxAddresses) return;
        foreach (var (address, _) in _forgotten.OrderBy(guess => guess.Value).Take(MaxAddresses / 10)) _forgotten.Remove(address);
    }

    // Whoever has one IPv6 address has 2^64 of them.
    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new(bytes);
    }
}
