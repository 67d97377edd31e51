using System.Text;
using Footbridge.Protocol;
using Footbridge.Protocol.Signal;

namespace Footbridge.UnitTests.Protocol.Signal;

public sealed class SessionCipherTests
{
    private const int Seed = 4711;
    private readonly SignalDevice _alice = new();
    private readonly SignalDevice _bob = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_session_starts_with_prekey_messages_and_goes_on_with_plain_ones(bool withOneTimeKey)
    {
        _alice.Start(_bob.Bundle(withOneTimeKey));
        AssertCrosses(_alice, _bob, "pkmsg");
        AssertCrosses(_alice, _bob, "pkmsg");
        AssertCrosses(_bob, _alice, "msg");
        AssertCrosses(_alice, _bob, "msg");
        Assert.Equal(0, _bob.PreKeysLeft);
    }

    [Fact]
    public void Ten_thousand_messages_with_loss_reorder_and_duplicates_all_open_exactly_once()
    {
        var random = new Random(Seed);
        _alice.Start(_bob.Bundle());
        _bob.Start(_alice.Bundle());
        var inFlight = new List<(SignalDevice To, CipherText Message, byte[] Plaintext)>();
        for (var i = 0; i < 10_000; i++)
        {
            var (from, to) = random.Next(2) == 0 ? (_alice, _bob) : (_bob, _alice);
            var plaintext = Encoding.UTF8.GetBytes($"message {i}");
            inFlight.Add((to, from.Encrypt(plaintext), plaintext));
            if (random.Next(200) == 0) from.Reload();
            while (inFlight.Count > random.Next(8))
            {
                var index = random.Next(inFlight.Count);
                var (receiver, message, expected) = inFlight[index];
                inFlight.RemoveAt(index);
                if (random.Next(20) == 0) continue;
                Assert.Equal(expected, receiver.Decrypt(message));
                if (random.Next(20) == 0) Assert.Equal(SignalError.Duplicate, Assert.Throws<SignalException>(() => receiver.Decrypt(message)).Error);
            }
        }
    }

    [Fact]
    public void A_message_2000_ahead_opens_and_one_more_does_not()
    {
        _alice.Start(_bob.Bundle());
        AssertCrosses(_alice, _bob, "pkmsg");
        AssertCrosses(_bob, _alice, "msg");
        AssertCrosses(_alice, _bob, "msg");
        var early = _alice.Encrypt([1]);
        for (var i = 0; i < SessionCipher.MaxSkipped - 1; i++) _alice.Encrypt([2]);
        byte[] expected = [3];
        Assert.Equal(expected, _bob.Decrypt(_alice.Encrypt(expected)));
        byte[] first = [1];
        Assert.Equal(first, _bob.Decrypt(early));
        for (var i = 0; i < SessionCipher.MaxSkipped + 1; i++) _alice.Encrypt([2]);
        Assert.Equal(SignalError.FutureMessage, Assert.Throws<SignalException>(() => _bob.Decrypt(_alice.Encrypt([4]))).Error);
    }

    [Fact]
    public void A_bundle_signed_by_somebody_else_is_refused()
    {
        var bundle = _bob.Bundle() with { IdentityKey = _alice.Me.Identity.Public };
        Assert.Equal(SignalError.InvalidSignature, Assert.Throws<SignalException>(() => _alice.Start(bundle)).Error);
        Assert.False(_alice.Session.HasSession);
    }

    [Fact]
    public void A_prekey_message_whose_one_time_key_is_gone_says_so()
    {
        _alice.Start(_bob.Bundle() with { PreKeyId = 99 });
        Assert.Equal(SignalError.InvalidKeyId, Assert.Throws<SignalException>(() => _bob.Decrypt(_alice.Encrypt([1]))).Error);
    }

    [Fact]
    public void A_session_that_was_replaced_still_opens_what_was_sent_in_it()
    {
        _alice.Start(_bob.Bundle());
        AssertCrosses(_alice, _bob, "pkmsg");
        AssertCrosses(_bob, _alice, "msg");
        var old = _alice.Encrypt([1]);
        _alice.Start(_bob.Bundle());
        AssertCrosses(_alice, _bob, "pkmsg");
        byte[] expected = [1];
        Assert.Equal(expected, _bob.Decrypt(old));
    }

    [Fact]
    public void Cut_or_changed_messages_give_a_protocol_error_and_leave_the_session_as_it_was()
    {
        var random = new Random(Seed);
        _alice.Start(_bob.Bundle());
        var prekey = _alice.Encrypt([1, 2, 3]);
        AssertRefusesEverythingLike(prekey, random);
        _bob.Decrypt(prekey);
        AssertCrosses(_bob, _alice, "msg");
        var plain = _alice.Encrypt([1, 2, 3]);
        AssertRefusesEverythingLike(plain, random);
        byte[] expected = [1, 2, 3];
        Assert.Equal(expected, _bob.Decrypt(plain));
    }

    [Fact]
    public void Random_bytes_are_no_stored_session_or_give_an_unusable_one_without_other_errors()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 5000; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            var error = Record.Exception(() => SessionRecord.Parse(bytes));
            Assert.True(error is null or ProtocolException, error?.ToString());
        }
    }

    [Fact]
    public void Padding_comes_off_as_it_went_on_and_malformed_padding_is_refused()
    {
        for (var size = 0; size < 40; size++) Assert.Equal(new byte[size], MessagePadding.Remove(MessagePadding.Add(new byte[size])));
        foreach (byte[] bad in new byte[][] { [], [0], [2], [1, 2], [3, 2, 3], [255] }) Assert.Throws<ProtocolException>(() => MessagePadding.Remove(bad));
    }

    private static void AssertCrosses(SignalDevice from, SignalDevice to, string type)
    {
        byte[] plaintext = [.. Guid.NewGuid().ToByteArray()];
        var message = from.Encrypt(plaintext);
        Assert.Equal(type, message.Type);
        Assert.Equal(plaintext, to.Decrypt(message));
    }

    private void AssertRefusesEverythingLike(CipherText message, Random random)
    {
        var before = _bob.Session.Serialize();
        for (var length = 0; length < message.Bytes.Length; length++) AssertRefused(message with { Bytes = message.Bytes[..length] });
        for (var i = 0; i < 500; i++)
        {
            var bad = message.Bytes.ToArray();
            bad[random.Next(bad.Length)] ^= (byte)random.Next(1, 256);
            if (Record.Exception(() => new SignalDeviceCopy(_bob).Decrypt(message with { Bytes = bad })) is { } error) Assert.IsAssignableFrom<ProtocolException>(error);
        }

        Assert.Equal(before, _bob.Session.Serialize());
    }

    private void AssertRefused(CipherText message) => Assert.IsAssignableFrom<ProtocolException>(Record.Exception(() => _bob.Decrypt(message)));

    /// <summary>Some changed prekey messages still open (the registration id is not authenticated): they must not touch the real session.</summary>
    private sealed class SignalDeviceCopy(SignalDevice device)
    {
        private readonly SessionRecord _session = SessionRecord.Parse(device.Session.Serialize());

        public void Decrypt(CipherText message)
        {
            if (message.Type == "msg") SessionCipher.Decrypt(_session, message.Bytes);
            else SessionCipher.DecryptPreKey(_session, device.Me, message.Bytes, device.SignedPreKeyOf, device.PreKeyOf);
        }
    }
}
