namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>Plays each row of a table beside each version of Chatwoot, and compares what it brought with the row's file.</summary>
/// <param name="section">The folder of the files.</param>
public abstract class RowTests(RowWorlds worlds, string section) : IClassFixture<RowWorlds>
{
    private protected abstract IReadOnlyDictionary<string, Func<Row, Task>> All { get; }

    [Fact]
    public void No_file_is_left_of_a_row_that_is_gone() => Assert.Equal(All.Keys.Order(StringComparer.Ordinal), Golden.RowsOf(section));

    private protected async Task PlayAsync(string row, string version, Func<RowWorld, Func<Row, Task>, CancellationToken, Task<string>> record)
    {
        using var patience = new CancellationTokenSource(RowWorld.Patience);
        var world = await worlds.OfAsync(version);
        world.RemoveFaults();
        Golden.Check(section, row, version, await record(world, All[row], patience.Token));
    }
}
