namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>What is answered to commands that unlink, and while nothing is linked.</summary>
public sealed class UnlinkingRowTests(RowWorlds worlds) : RowTests(worlds, "unlinking")
{
    public static TheoryData<string, string> Rows => RowWorlds.Each(UnlinkingRows.All.Keys);

    private protected override IReadOnlyDictionary<string, Func<Row, Task>> All => UnlinkingRows.All;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task It_is_answered_so(string row, string version) => PlayAsync(row, version, Recording.OfCommandsAsync);
}
