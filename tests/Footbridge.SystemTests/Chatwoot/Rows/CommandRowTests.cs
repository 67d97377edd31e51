namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>What is answered to commands.</summary>
public sealed class CommandRowTests(RowWorlds worlds) : RowTests(worlds, "commands")
{
    public static TheoryData<string, string> Rows => RowWorlds.Each(CommandRows.All.Keys);

    private protected override IReadOnlyDictionary<string, Func<Row, Task>> All => CommandRows.All;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task It_is_answered_so(string row, string version) => PlayAsync(row, version, Recording.OfCommandsAsync);
}
