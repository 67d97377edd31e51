using System.Net;
using Footbridge.Server.Security;

namespace Footbridge.UnitTests.Server.Security;

/// <summary>Which addresses callers may name: the guard against being used to reach what only this machine can reach.</summary>
public sealed class AddressGuardTests
{
    [Theory]
    [InlineData("169.254.169.254")] // metadata of clouds
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")] // the same through NAT64
    [InlineData("2002:a9fe:a9fe::")] // the same through 6to4
    [InlineData("fe80::1")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("::")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("ff02::1")]
    public void Some_addresses_are_never_called(string address)
    {
        Assert.False(AddressGuard.IsAllowed(IPAddress.Parse(address), mayBePrivate: true));
        Assert.False(AddressGuard.IsAllowed(IPAddress.Parse(address), mayBePrivate: false));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.9.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("::ffff:192.168.1.1")]
    [InlineData("64:ff9b::c0a8:101")]
    [InlineData("100.64.0.1")]
    [InlineData("fd00::1")]
    public void Private_addresses_are_called_only_when_the_setting_allows(string address)
    {
        Assert.True(AddressGuard.IsAllowed(IPAddress.Parse(address), mayBePrivate: true));
        Assert.False(AddressGuard.IsAllowed(IPAddress.Parse(address), mayBePrivate: false));
    }

    [Theory]
    [InlineData("203.0.113.7")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2001:db8::1")]
    public void Public_addresses_are_always_called(string address) => Assert.True(AddressGuard.IsAllowed(IPAddress.Parse(address), mayBePrivate: false));
}
