namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>What Chatwoot gets for whatever happens on WhatsApp.</summary>
public sealed class PhoneRowTests(RowWorlds worlds) : RowTests(worlds, "from-whatsapp")
{
    public static TheoryData<string, string> Rows => RowWorlds.Each(PhoneRows.All.Keys);

    private protected override IReadOnlyDictionary<string, Func<Row, Task>> All => PhoneRows.All;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Chatwoot_is_told_in_this_form(string row, string version) => PlayAsync(row, version, Recording.OfPhonesAsync);
}
