namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>What Chatwoot gets for whatever happens on WhatsApp, with each version of Chatwoot.</summary>
public sealed class PhoneRowTests(RowWorlds worlds) : IClassFixture<RowWorlds>
{
    private const string Section = "from-whatsapp";

    public static TheoryData<string, string> Rows => RowWorlds.Each(PhoneRows.All.Keys);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Chatwoot_is_told_in_this_form(string row, string version)
    {
        using var patience = new CancellationTokenSource(RowWorld.Patience);
        Golden.Check(Section, row, version, await Recording.OfPhonesAsync(await worlds.OfAsync(version), PhoneRows.All[row], patience.Token));
    }

    [Fact]
    public void No_file_is_left_of_a_row_that_is_gone() => Assert.Equal(PhoneRows.All.Keys.Order(StringComparer.Ordinal), Golden.RowsOf(Section));
}
