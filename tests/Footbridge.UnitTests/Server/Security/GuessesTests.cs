using System.Net;
using Footbridge.Server.Security;
using Microsoft.Extensions.Time.Testing;

namespace Footbridge.UnitTests.Server.Security;

public sealed class GuessesTests
{
    private static readonly IPAddress Somebody = IPAddress.Parse("192.0.2.1");
    private readonly FakeTimeProvider _time = new();
    private readonly Guesses _guesses;

    public GuessesTests() => _guesses = new(_time);

    [Fact]
    public void After_ten_guesses_an_address_waits_half_a_minute_for_each_further_one()
    {
        for (var i = 0; i < Guesses.Burst; i++) Guess(Somebody);
        Assert.Equal(Guesses.Each, _guesses.Wait(Somebody));
        _time.Advance(Guesses.Each);
        Guess(Somebody);
        Assert.Equal(Guesses.Each, _guesses.Wait(Somebody));
        Assert.Null(_guesses.Wait(IPAddress.Parse("192.0.2.2")));
    }

    [Fact]
    public void Guesses_are_forgotten_with_time()
    {
        for (var i = 0; i < Guesses.Burst; i++) Guess(Somebody);
        _time.Advance(Guesses.Each * Guesses.Burst);
        for (var i = 0; i < Guesses.Burst; i++) Guess(Somebody);
        Assert.NotNull(_guesses.Wait(Somebody));
    }

    [Fact]
    public void All_addresses_of_one_network_count_as_one()
    {
        for (var i = 0; i < Guesses.Burst; i++) Guess(IPAddress.Parse($"2001:db8:1:2::{i + 1}"));
        Assert.NotNull(_guesses.Wait(IPAddress.Parse("2001:db8:1:2:ffff::1")));
        Assert.Null(_guesses.Wait(IPAddress.Parse("2001:db8:1:3::1")));
        for (var i = 0; i < Guesses.Burst; i++) Guess(IPAddress.Parse("::ffff:192.0.2.1"));
        Assert.NotNull(_guesses.Wait(Somebody));
    }

    [Fact]
    public void What_is_remembered_stays_bounded_and_the_worst_is_kept()
    {
        for (var i = 0; i < Guesses.Burst; i++) Guess(Somebody);
        for (var i = 0; i < 30_000; i++) _guesses.Count(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]));
        Assert.NotNull(_guesses.Wait(Somebody));
    }

    private void Guess(IPAddress address)
    {
        Assert.Null(_guesses.Wait(address));
        _guesses.Count(address);
    }
}
