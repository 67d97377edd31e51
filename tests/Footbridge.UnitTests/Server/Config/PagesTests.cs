using Footbridge.Server;
using Footbridge.Server.Api;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;

namespace Footbridge.UnitTests.Server.Config;

/// <summary>The pages that are made from the code are what the code makes.</summary>
public sealed class PagesTests
{
    [Fact]
    public void The_page_of_settings_is_the_one_the_settings_make() => Assert.Equal(ConfigurationPage.Render(), Read("configuration.md"));

    [Fact]
    public void The_page_of_routes_is_the_one_the_routes_make() => Assert.Equal(CompatibilityPage.Render(Product.Routes()), Read("compatibility.md"));

    [Fact]
    public void The_page_of_texts_is_the_one_the_texts_make() => Assert.Equal(TextsPage.Render(), Read("texts.md"));

    private static string Read(string name) => File.ReadAllText(Path.Combine(House.RepositoryRoot.Find(), "docs", name));
}
