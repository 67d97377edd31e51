using Footbridge.Bench.Hostile;
using Footbridge.UnitTests.Protocol;

namespace Footbridge.UnitTests.Engine;

/// <summary>A small share of what <c>bench hostile</c> does to a whole account: what comes is not only parsed, all that follows from it is done.</summary>
public sealed class HostileAccountTests
{
    private const int Seed = 7;

    [Fact]
    public void A_hostile_history_is_only_ever_taken_in_or_refused() => HostileInputTests.AttackSome(HistoryTarget.Create(Seed));

    [Fact]
    public void A_hostile_plaintext_only_ever_becomes_events_or_is_refused() => HostileInputTests.AttackSome(ContentTarget.Create(Seed));

    [Fact]
    public void A_hostile_vote_answer_reaction_or_edit_only_ever_becomes_an_event_or_is_refused() => HostileInputTests.AttackSome(SealedAddOnTarget.Create(Seed));

    [Fact]
    public void A_hostile_stanza_is_only_ever_taken_or_refused() => HostileInputTests.AttackSome(StanzaTarget.Create(Seed));

    [Fact]
    public void A_hostile_answer_is_only_ever_taken_or_refused() => HostileInputTests.AttackSome(AnswerTarget.Create(Seed));

    [Fact]
    public void A_hostile_answer_in_GraphQL_is_only_ever_taken_or_refused() => HostileInputTests.AttackSome(MexTarget.Create(Seed));

    [Fact]
    public void A_hostile_collection_of_the_app_state_is_only_ever_applied_or_refused() => HostileInputTests.AttackSome(CollectionTarget.Create(Seed));

    [Fact]
    public void Any_event_can_be_told() => HostileInputTests.AttackSome(EventTarget.Create(Seed));
}
