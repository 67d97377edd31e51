using System.Text;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;

namespace Footbridge.UnitTests.Protocol.Signal;

public sealed class SenderKeyTests
{
    private const int Seed = 4712;
    private readonly SenderKeyRecord _sender = SenderKeyRecord.Create();
    private readonly SenderKeyRecord _receiver = new();

    public SenderKeyTests() => _receiver.Take(_sender.Distribution());

    [Fact]
    public void The_chain_and_its_message_keys_are_those_of_other_clients()
    {
        var vector = Vectors.WhatsApp("senderKeyChain");
        var chainKey = vector.Hex("chainKey0");
        foreach (var expected in vector.GetProperty("keys").EnumerateArray())
        {
            var seed = Ratchet.NextSeed(chainKey);
            Assert.Equal(expected.Hex("seed"), seed);
            var keys = new SenderMessageKeys(seed);
            Assert.Equal(expected.Hex("iv"), keys.Iv);
            Assert.Equal(expected.Hex("cipherKey"), keys.CipherKey);
        }
    }

    [Fact]
    public void The_hash_of_the_participants_is_that_of_other_clients_in_any_order()
    {
        var vector = Vectors.WhatsApp("phash");
        var devices = vector.GetProperty("participants").EnumerateArray().Select(p => Jid.Parse(p.GetString()!)).ToList();
        Assert.Equal(vector.GetProperty("phash").GetString(), ParticipantHash.Of(devices));
        Assert.Equal(vector.GetProperty("phash").GetString(), ParticipantHash.Of(devices.AsEnumerable().Reverse()));
    }

    [Fact]
    public void Five_thousand_messages_with_loss_reorder_and_duplicates_all_open_exactly_once()
    {
        var random = new Random(Seed);
        var (sender, receiver) = (_sender, _receiver);
        var inFlight = new List<(byte[] Message, byte[] Plaintext)>();
        for (var i = 0; i < 5000; i++)
        {
            var plaintext = Encoding.UTF8.GetBytes($"message {i}");
            inFlight.Add((SenderKeyCipher.Encrypt(sender, plaintext), plaintext));
            if (random.Next(200) == 0) (sender, receiver) = (SenderKeyRecord.Parse(sender.Serialize()), SenderKeyRecord.Parse(receiver.Serialize()));
            while (inFlight.Count > random.Next(8))
            {
                var index = random.Next(inFlight.Count);
                var (message, expected) = inFlight[index];
                inFlight.RemoveAt(index);
                if (random.Next(20) == 0) continue;
                Assert.Equal(expected, SenderKeyCipher.Decrypt(receiver, message));
                if (random.Next(20) == 0) AssertRefused(SignalError.Duplicate, receiver, message);
            }
        }
    }

    [Fact]
    public void Numbers_that_move_on_by_two_as_baileys_writes_them_open_in_any_order()
    {
        var messages = new List<byte[]>();
        for (byte i = 0; i < 20; i++)
        {
            messages.Add(SenderKeyCipher.Encrypt(_sender, [i]));
            SenderKeyCipher.Encrypt(_sender, [0xFF]);
        }

        foreach (var i in new[] { 0, 2, 1, 19, 7 }) Assert.Equal((byte)i, Assert.Single(SenderKeyCipher.Decrypt(_receiver, messages[i])));
    }

    [Fact]
    public void A_message_20000_ahead_opens_with_the_last_2000_before_it_and_one_more_does_not()
    {
        var tooOld = SenderKeyCipher.Encrypt(_sender, [1]);
        byte[] kept = [];
        for (var i = 1; i < SenderKeyCipher.MaxAhead; i++)
        {
            var message = SenderKeyCipher.Encrypt(_sender, [2]);
            if (i == SenderKeyCipher.MaxAhead - SenderKeyCipher.MaxSkipped) kept = message;
        }

        Assert.Equal(3, Assert.Single(SenderKeyCipher.Decrypt(_receiver, SenderKeyCipher.Encrypt(_sender, [3]))));
        Assert.Equal(2, Assert.Single(SenderKeyCipher.Decrypt(_receiver, kept)));
        AssertRefused(SignalError.Duplicate, _receiver, tooOld);
        for (var i = 0; i < SenderKeyCipher.MaxAhead + 1; i++) SenderKeyCipher.Encrypt(_sender, [2]);
        AssertRefused(SignalError.FutureMessage, _receiver, SenderKeyCipher.Encrypt(_sender, [4]));
    }

    [Fact]
    public void Any_flipped_bit_is_refused_and_leaves_the_key_as_it_was()
    {
        var message = SenderKeyCipher.Encrypt(_sender, [1, 2, 3]);
        var before = _receiver.Serialize();
        for (var bit = 0; bit < message.Length * 8; bit++)
        {
            var broken = (byte[])message.Clone();
            broken[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Throws<SignalException>(() => SenderKeyCipher.Decrypt(_receiver, broken));
        }

        Assert.Equal(before, _receiver.Serialize());
        byte[] plaintext = [1, 2, 3];
        Assert.Equal(plaintext, SenderKeyCipher.Decrypt(_receiver, message));
    }

    [Fact]
    public void A_key_given_again_opens_nothing_twice_and_a_former_key_opens_what_is_still_on_its_way()
    {
        var distribution = _sender.Distribution();
        var first = SenderKeyCipher.Encrypt(_sender, [1]);
        var late = SenderKeyCipher.Encrypt(_sender, [2]);
        SenderKeyCipher.Decrypt(_receiver, first);
        _receiver.Take(distribution);
        AssertRefused(SignalError.Duplicate, _receiver, first);
        _receiver.Take(SenderKeyRecord.Create().Distribution());
        Assert.Equal(2, Assert.Single(SenderKeyCipher.Decrypt(_receiver, late)));
    }

    [Fact]
    public void The_sixth_key_pushes_out_the_first()
    {
        var message = SenderKeyCipher.Encrypt(_sender, [1]);
        for (var i = 0; i < SenderKeyRecord.MaxStates; i++) _receiver.Take(SenderKeyRecord.Create().Distribution());
        AssertRefused(SignalError.NoSession, _receiver, message);
    }

    [Fact]
    public void Who_joins_later_cannot_read_what_was_said_before()
    {
        var before = SenderKeyCipher.Encrypt(_sender, [1]);
        var newcomer = new SenderKeyRecord();
        newcomer.Take(_sender.Distribution());
        AssertRefused(SignalError.Duplicate, newcomer, before);
        Assert.Equal(2, Assert.Single(SenderKeyCipher.Decrypt(newcomer, SenderKeyCipher.Encrypt(_sender, [2]))));
        Assert.Throws<SignalException>(() => SenderKeyCipher.Encrypt(newcomer, [3]));
    }

    private static void AssertRefused(SignalError error, SenderKeyRecord record, byte[] message) =>
        Assert.Equal(error, Assert.Throws<SignalException>(() => SenderKeyCipher.Decrypt(record, message)).Error);
}
