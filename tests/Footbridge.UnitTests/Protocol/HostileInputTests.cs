using Footbridge.Bench.Hostile;

namespace Footbridge.UnitTests.Protocol;

/// <summary>A small share of what <c>bench hostile</c> does: every cut of every sample, and seeded hostile inputs.</summary>
public sealed class HostileInputTests
{
    private const int Seed = 7;
    private const int Count = 20_000;
    private const int More = 2000;

    [Fact]
    public void Hostile_frames_only_ever_decode_to_a_node_or_are_refused() => Attack(NodeTarget.Create(Seed));

    [Fact]
    public void Hostile_messages_only_ever_open_to_content_or_are_refused() => Attack(MessageTarget.Create(Seed));

    [Fact]
    public void A_hostile_patch_of_the_app_state_is_only_ever_applied_or_refused() => Attack(AppStateTarget.Create(Seed));

    [Fact]
    public void A_byte_stream_of_any_kind_comes_out_whole_as_frames_and_a_rest() =>
        Assert.Null(Run(new NoiseTargets().Create(Seed).Single(t => t.Name == "frame decoder")).Failure);

    [Theory]
    [InlineData("server hello")]
    [InlineData("certificate chain")]
    [InlineData("sealed frames")]
    public void A_hostile_server_is_only_ever_believed_or_refused(string parser) => Attack(new NoiseTargets().Create(Seed).Single(t => t.Name == parser));

    [Theory]
    [InlineData("signal message")]
    [InlineData("signal prekey message")]
    public void A_hostile_peer_is_only_ever_read_or_refused(string parser) => Attack(new SignalTargets().Create(Seed).Single(t => t.Name == parser));

    [Theory]
    [InlineData("group message")]
    [InlineData("sender key distribution")]
    public void A_hostile_group_member_is_only_ever_read_or_refused(string parser) => Attack(new SenderKeyTargets().Create(Seed).Single(t => t.Name == parser));

    [Theory]
    [InlineData("jid")]
    [InlineData("chat id")]
    public void A_hostile_address_is_only_ever_read_or_refused(string parser) => Attack(JidTargets.Create(Seed).Single(t => t.Name == parser));

    [Theory]
    [InlineData("passkey challenge")]
    [InlineData("passkey assertion")]
    [InlineData("passkey request")]
    [InlineData("passkey agreement")]
    [InlineData("link bundle")]
    [InlineData("signed identity")]
    public void What_is_said_while_a_device_is_linked_is_only_ever_taken_or_refused(string parser) => AttackSome(new PairingTargets().Create(Seed).Single(t => t.Name == parser));

    [Theory]
    [InlineData("media body")]
    [InlineData("waveform")]
    public void A_hostile_file_is_only_ever_opened_or_refused(string parser) => AttackSome(MediaTargets.Create(Seed).Single(t => t.Name == parser));

    [Fact]
    public void An_address_of_a_file_that_lies_is_only_ever_followed_to_the_file_or_refused() => AttackSome(MediaTargets.Create(Seed).Single(t => t.Name == "media reference and answer"));

    [Fact]
    public void A_parser_that_throws_anything_else_is_found_and_its_input_can_be_made_again()
    {
        var inputs = new InputMaker(Seed, [[1, 2, 3]], _ => [9]);
        var result = Run(new("broken", inputs, input => input is [9, ..] ? throw new FormatException("broken") : null));
        Assert.Contains("FormatException", result.Failure, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexString(new InputMaker(Seed, [[1, 2, 3]], _ => [9]).Make(result.Inputs - 1)), result.Failure, StringComparison.Ordinal);
        byte[][] cuts = [[], [1], [1, 2], [1, 2, 3]];
        Assert.Equal(cuts, Enumerable.Range(0, inputs.Cuts).Select(inputs.Make));
    }

    private static void Attack(HostileTarget target)
    {
        var result = Run(target);
        Assert.Null(result.Failure);
        Assert.InRange(result.Accepted, 1, Count - 1);
    }

    /// <summary>Every cut of every sample, and some more: for those that do more with an input than parse it.</summary>
    internal static void AttackSome(HostileTarget target)
    {
        var count = target.Inputs.Cuts + More;
        var result = new HostileRun(target, Seed, watchesHeap: false).Run(count);
        Assert.Null(result.Failure);
        Assert.InRange(result.Accepted, 1, count - 1);
    }

    private static HostileResult Run(HostileTarget target) => new HostileRun(target, Seed, watchesHeap: false).Run(Count);
}
