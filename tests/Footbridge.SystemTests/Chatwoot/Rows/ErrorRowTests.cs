namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>What agents read of whatever goes wrong, with each version of Chatwoot.</summary>
public sealed class ErrorRowTests(RowWorlds worlds) : IClassFixture<RowWorlds>
{
    private const string Section = "errors";

    public static TheoryData<string, string> Rows => RowWorlds.Each(ErrorRows.All.Keys);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Agents_read_this_of_it(string row, string version)
    {
        using var patience = new CancellationTokenSource(RowWorld.Patience);
        Golden.Check(Section, row, version, await Recording.OfErrorsAsync(await worlds.OfAsync(version), ErrorRows.All[row], patience.Token));
    }

    [Fact]
    public void No_file_is_left_of_a_row_that_is_gone() => Assert.Equal(ErrorRows.All.Keys.Order(StringComparer.Ordinal), Golden.RowsOf(Section));
}
