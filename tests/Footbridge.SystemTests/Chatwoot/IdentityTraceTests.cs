namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Who is who: each trace is what may happen around one person, and ends with one contact for the person and nothing of theirs anywhere else.</summary>
public sealed class IdentityTraceTests : ChatwootTest
{
    private static readonly Dictionary<string, IdentityTrace> Traces =
        new[] { IdentityTraces.All, ContactTraces.All, NumberTraces.All }.SelectMany(all => all).ToDictionary(trace => trace.Name, StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. Traces.Keys];

    protected override Task PrepareAsync() => World.LinkAsync("shop", Shop, Ct);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Everything_of_a_person_is_with_one_contact(string name)
    {
        var trace = Traces[name];
        await World.ConnectChatwootAsync("shop", Ct, trace.Conversations);
        var run = new Trace(World, Shop, Ct);
        await trace.Steps(run);
        run.Check(trace.Contacts);
    }

    [Fact]
    public void There_are_sixty_of_them_at_least() => Assert.True(Traces.Count >= 60, $"{Traces.Count} traces");
}
