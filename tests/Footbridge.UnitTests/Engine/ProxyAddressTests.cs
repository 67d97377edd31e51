using System.Net;
using Footbridge.Engine;

namespace Footbridge.UnitTests.Engine;

public sealed class ProxyAddressTests
{
    [Theory]
    [InlineData("10.0.0.1:3128", "http://10.0.0.1:3128", null)]
    [InlineData("http://proxy.example:3128", "http://proxy.example:3128", null)]
    [InlineData("https://proxy.example:443", "https://proxy.example", null)]
    [InlineData("socks5://proxy.example:1080", "socks5://proxy.example:1080", null)]
    [InlineData("socks5h://me:a%40b@proxy.example:1080", "socks5://proxy.example:1080", "me/a@b")]
    [InlineData("me:secret@proxy.example:3128", "http://proxy.example:3128", "me/secret")]
    public void A_proxy_is_read_as_people_write_it(string text, string server, string? login)
    {
        var proxy = ProxyAddress.Parse(text);
        Assert.Equal(new Uri(server).Authority, proxy.Server.Authority);
        Assert.Equal(new Uri(server).Scheme, proxy.Server.Scheme);
        var credential = (NetworkCredential?)proxy.Credentials;
        Assert.Equal(login, credential is null ? null : $"{credential.UserName}/{credential.Password}");
        Assert.DoesNotContain("secret", proxy.ToString(), StringComparison.Ordinal);
        Assert.False(proxy.IsBypassed(new Uri("https://127.0.0.1")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("proxy.example:0")]
    [InlineData("socks5://proxy.example")]
    [InlineData("ftp://proxy.example:21")]
    [InlineData("http://proxy.example:3128/path")]
    public void What_is_no_proxy_is_refused(string text) => Assert.Throws<FormatException>(() => ProxyAddress.Parse(text));
}
