namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>What WhatsApp gets for whatever agents do, and Chatwoot hears of that, with each version of Chatwoot.</summary>
public sealed class AgentRowTests(RowWorlds worlds) : IClassFixture<RowWorlds>
{
    private const string Section = "to-whatsapp";

    public static TheoryData<string, string> Rows => RowWorlds.Each(AgentRows.All.Keys);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task WhatsApp_gets_this_and_Chatwoot_hears_of_it(string row, string version)
    {
        using var patience = new CancellationTokenSource(RowWorld.Patience);
        Golden.Check(Section, row, version, await Recording.OfAgentAsync(await worlds.OfAsync(version), AgentRows.All[row], patience.Token));
    }

    [Fact]
    public void No_file_is_left_of_a_row_that_is_gone() => Assert.Equal(AgentRows.All.Keys.Order(StringComparer.Ordinal), Golden.RowsOf(Section));
}
