using Footbridge.Engine;
using Footbridge.Engine.Connection;
using Microsoft.Extensions.Time.Testing;

namespace Footbridge.UnitTests.Engine.Connection;

public sealed class LivenessTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Liveness _liveness;

    public LivenessTests()
    {
        // Timestamp 0 stands for never.
        _time.Advance(TimeSpan.FromDays(1));
        _liveness = new(new(), _time);
        _liveness.NoteConnected();
    }

    [Fact]
    public void Half_open_frozen_and_unacknowledged_are_found_within_90_seconds()
    {
        var options = new WaClientOptions();
        var jitter = 1.2;
        var limit = TimeSpan.FromSeconds(90);
        Assert.True(options.KeepAliveInterval * jitter + options.PingTimeout < limit);
        Assert.True(options.ProbeInterval + options.ProbeTimeout < limit);
        Assert.True(options.MessageAckTimeout < limit);
    }

    [Fact]
    public void A_minute_without_a_round_trip_gives_rise_to_a_probe_and_pongs_do_not_count()
    {
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(Doubt.None, _liveness.Doubt);
        _liveness.NotePong();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Doubt.NoRoundTrip, _liveness.Doubt);
        _liveness.NoteRoundTrip();
        Assert.Equal(Doubt.None, _liveness.Doubt);
    }

    [Fact]
    public void Four_restarts_an_hour_are_allowed_and_the_fifth_is_an_alert_until_the_first_is_an_hour_old()
    {
        for (var i = 0; i < 4; i++)
        {
            Assert.True(_liveness.TryRestart("test"));
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.False(_liveness.TryRestart("test"));
        Assert.Equal((LivenessStep.Alerted, "test", 4), (_liveness.Snapshot.Step, _liveness.Snapshot.Reason, _liveness.Snapshot.RestartsLastHour));
        _time.Advance(TimeSpan.FromMinutes(56) - TimeSpan.FromSeconds(1));
        Assert.False(_liveness.TryRestart("test"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_liveness.TryRestart("test"));
        Assert.Equal(LivenessStep.Reconnecting, _liveness.Snapshot.Step);
    }

    [Fact]
    public void Only_different_messages_of_different_senders_in_a_row_mean_that_it_is_us()
    {
        for (var i = 0; i < 20; i++) _liveness.NoteUndecrypted("the same", "a");
        for (var i = 0; i < 20; i++) _liveness.NoteUndecrypted($"{i}", "a");
        Assert.Equal(Doubt.None, _liveness.Doubt);
        _liveness.NoteDecrypted();
        for (var i = 0; i < 7; i++) _liveness.NoteUndecrypted($"{i}", $"{i % 3}");
        Assert.Equal(Doubt.None, _liveness.Doubt);
        _liveness.NoteUndecrypted("7", "1");
        Assert.Equal(Doubt.Undecryptable, _liveness.Doubt);
        _liveness.NoteDecrypted();
        Assert.Equal(Doubt.None, _liveness.Doubt);
    }

    [Fact]
    public void An_answered_query_does_not_prove_that_messages_are_acknowledged()
    {
        _liveness.NoteMissingAck();
        _liveness.TryRestart("acks");
        _liveness.NoteRoundTrip();
        Assert.Equal((Doubt.MissingAck, LivenessStep.Reconnecting), (_liveness.Doubt, _liveness.Snapshot.Step));
        _liveness.NoteAck();
        Assert.Equal((Doubt.None, LivenessStep.Proven), (_liveness.Doubt, _liveness.Snapshot.Step));
    }

    [Fact]
    public void Only_a_message_that_can_be_read_proves_that_messages_can_be_read()
    {
        _liveness.Take(LivenessStep.RefreshingKeys, "keys");
        _liveness.CountUndecryptedAnew();
        _liveness.NoteRoundTrip();
        Assert.Equal(LivenessStep.RefreshingKeys, _liveness.Snapshot.Step);
        _liveness.NoteDecrypted();
        Assert.Equal(LivenessStep.Proven, _liveness.Snapshot.Step);
    }

    [Fact]
    public void The_time_of_the_last_proof_is_that_of_a_round_trip_or_a_decrypted_message()
    {
        Assert.Null(_liveness.Snapshot.VerifiedAt);
        _liveness.NoteDecrypted();
        var decrypted = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(5));
        _liveness.NotePong();
        _liveness.NoteInbound();
        Assert.Equal(decrypted, _liveness.Snapshot.VerifiedAt);
        Assert.Equal((_time.GetUtcNow(), _time.GetUtcNow()), (_liveness.Snapshot.LastPong!.Value, _liveness.Snapshot.LastInbound!.Value));
    }
}
