namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>What is answered to commands, with each version of Chatwoot.</summary>
public sealed class CommandRowTests(RowWorlds worlds) : IClassFixture<RowWorlds>
{
    private const string Section = "commands";

    public static TheoryData<string, string> Rows => RowWorlds.Each(CommandRows.All.Keys);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task It_is_answered_so(string row, string version)
    {
        using var patience = new CancellationTokenSource(RowWorld.Patience);
        Golden.Check(Section, row, version, await Recording.OfCommandsAsync(await worlds.OfAsync(version), CommandRows.All[row], patience.Token));
    }

    [Fact]
    public void No_file_is_left_of_a_row_that_is_gone() => Assert.Equal(CommandRows.All.Keys.Order(StringComparer.Ordinal), Golden.RowsOf(Section));
}
