using Footbridge.Server.Config;

namespace Footbridge.UnitTests.Server.Config;

public sealed class SettingsTests
{
    [Fact]
    public void The_guard_waits_as_long_as_wahas()
    {
        var settings = Settings.From(_ => null);
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(500)), (settings.GuardPresenceWait, settings.GuardStatusWait, settings.GuardPoll));
    }

    [Theory]
    [InlineData(null, null, "http://localhost:3000")]
    [InlineData("https://base.example/", null, "https://base.example")]
    [InlineData("https://base.example", "https://public.example//", "https://public.example")]
    public void Links_begin_with_the_public_address_else_with_the_base_address(string? baseUrl, string? publicUrl, string expected) =>
        Assert.Equal(expected, Settings.From(name => name switch { "WAHA_BASE_URL" => baseUrl, "WAHA_PUBLIC_URL" => publicUrl, _ => null }).PublicUrl);

    [Fact]
    public void A_value_that_cannot_be_read_names_its_variable() =>
        Assert.StartsWith("PORT cannot be read", Assert.Throws<SettingException>(() => Settings.From(name => name == "PORT" ? "many" : null)).Message, StringComparison.Ordinal);
}
