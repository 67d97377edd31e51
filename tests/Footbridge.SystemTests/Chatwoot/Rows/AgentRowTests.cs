namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>What WhatsApp gets for whatever agents do, and Chatwoot hears of that.</summary>
public sealed class AgentRowTests(RowWorlds worlds) : RowTests(worlds, "to-whatsapp")
{
    public static TheoryData<string, string> Rows => RowWorlds.Each(AgentRows.All.Keys);

    private protected override IReadOnlyDictionary<string, Func<Row, Task>> All => AgentRows.All;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task WhatsApp_gets_this_and_Chatwoot_hears_of_it(string row, string version) => PlayAsync(row, version, Recording.OfAgentAsync);
}
