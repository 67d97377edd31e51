using Footbridge.Protocol.Messages;
using Footbridge.Protocol.Xml;

namespace Footbridge.UnitTests.Protocol.Messages;

public sealed class AddOnCipherTests
{
    private static readonly Jid Stranger = Jid.Parse("5511900000001@s.whatsapp.net");

    [Fact]
    public void A_vote_that_another_client_encrypted_opens_and_is_written_the_same()
    {
        var v = Vectors.WhatsApp("pollVote");
        var (creator, voter, id) = (Jid.Parse(v.GetProperty("creator").GetString()!), Jid.Parse(v.GetProperty("voter").GetString()!), v.GetProperty("pollId").GetString()!);
        Assert.Equal(v.Hex("key"), AddOnCipher.DeriveKey(AddOnUse.PollVote, v.Hex("messageSecret"), id, creator, voter));
        Assert.Equal(v.Hex("encPayload"), AddOnCipher.Encrypt(AddOnUse.PollVote, v.Hex("messageSecret"), id, creator, voter, v.Hex("plaintext"), v.Hex("iv")));
        // Whichever of their addresses the two people are known by here.
        Assert.Equal(v.Hex("plaintext"), AddOnCipher.TryDecrypt(AddOnUse.PollVote, v.Hex("messageSecret"), id, [Stranger, creator], [Stranger, voter.WithDevice(7)], v.Hex("encPayload"), v.Hex("iv")));
    }

    [Fact]
    public void What_was_changed_or_is_for_another_use_does_not_open()
    {
        var v = Vectors.WhatsApp("pollVote");
        var (creator, voter, id) = (Jid.Parse(v.GetProperty("creator").GetString()!), Jid.Parse(v.GetProperty("voter").GetString()!), v.GetProperty("pollId").GetString()!);
        var payload = v.Hex("encPayload");
        Assert.Null(AddOnCipher.TryDecrypt(AddOnUse.Reaction, v.Hex("messageSecret"), id, [creator], [voter], payload, v.Hex("iv")));
        Assert.Null(AddOnCipher.TryDecrypt(AddOnUse.PollVote, v.Hex("messageSecret"), id, [Stranger], [voter], payload, v.Hex("iv")));
        Assert.Null(AddOnCipher.TryDecrypt(AddOnUse.PollVote, v.Hex("messageSecret"), id, [creator], [voter], payload.AsSpan(0, 15), v.Hex("iv")));
        Assert.Null(AddOnCipher.TryDecrypt(AddOnUse.PollVote, v.Hex("messageSecret"), id, [creator], [voter], payload, [1, 2]));
        for (var i = 0; i < payload.Length; i++)
        {
            payload[i] ^= 1;
            Assert.Null(AddOnCipher.TryDecrypt(AddOnUse.PollVote, v.Hex("messageSecret"), id, [creator], [voter], payload, v.Hex("iv")));
            payload[i] ^= 1;
        }
    }
}
