namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>What agents read of whatever goes wrong.</summary>
public sealed class ErrorRowTests(RowWorlds worlds) : RowTests(worlds, "errors")
{
    public static TheoryData<string, string> Rows => RowWorlds.Each(ErrorRows.All.Keys);

    private protected override IReadOnlyDictionary<string, Func<Row, Task>> All => ErrorRows.All;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Agents_read_this_of_it(string row, string version) => PlayAsync(row, version, Recording.OfErrorsAsync);
}
