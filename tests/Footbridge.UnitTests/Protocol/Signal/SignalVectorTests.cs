using System.Text.Json;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Signal.Storage;
using Google.Protobuf;

namespace Footbridge.UnitTests.Protocol.Signal;

/// <summary>A conversation that another implementation had, read and written again byte for byte.</summary>
public sealed class SignalVectorTests
{
    public static TheoryData<int> Cases => [0, 1];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_session_that_others_started_opens_whatever_the_order(int index)
    {
        var vector = Session(index);
        var bob = vector.GetProperty("bob");
        var me = Identity(bob);
        var record = new SessionRecord();
        var first = vector.GetProperty("firstChain");
        foreach (var i in new[] { 2, 0, 1 })
        {
            var opened = SessionCipher.DecryptPreKey(record, me, first[i].Hex("bytes"), id => id == 7 ? Pair(bob, "signedPreKey") : null, id => id == 9 ? Pair(bob, "preKey") : null);
            Assert.Equal(first[i].Hex("plaintext"), opened.Plaintext);
            Assert.Equal(Pair(vector.GetProperty("alice"), "identity").Public, opened.IdentityKey);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void From_the_same_state_our_messages_are_theirs_byte_for_byte_and_the_answers_turn_the_ratchet(int index)
    {
        var vector = Session(index);
        var me = Identity(vector.GetProperty("alice"));
        var record = Restore(vector, "aliceAtStart");
        AssertWrites(vector.GetProperty("firstChain"), record, me);
        foreach (var reply in vector.GetProperty("replies").EnumerateArray()) Assert.Equal(reply.Hex("plaintext"), SessionCipher.Decrypt(record, reply.Hex("bytes")));
        Assert.Equal("msg", SessionCipher.Encrypt(record, me, [1]).Type);
        AssertWrites(vector.GetProperty("secondChain"), Restore(vector, "aliceAfterReplies"), me);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Their_bundle_starts_a_session_of_ours(int index)
    {
        var (vector, record) = (Session(index), new SessionRecord());
        var bob = vector.GetProperty("bob");
        var hasOneTime = bob.TryGetProperty("preKey", out _);
        SessionBuilder.Initiate(record, Identity(vector.GetProperty("alice")), new(
            2222, Pair(bob, "identity").Public, 7, Pair(bob, "signedPreKey").Public, bob.Hex("signedPreKeySignature"), hasOneTime ? 9 : null, hasOneTime ? Pair(bob, "preKey").Public : null));
        Assert.Equal(Pair(bob, "identity").Public, record.RemoteIdentity);
    }

    private static void AssertWrites(JsonElement messages, SessionRecord record, LocalIdentity me)
    {
        foreach (var message in messages.EnumerateArray())
        {
            var written = SessionCipher.Encrypt(record, me, message.Hex("plaintext"));
            Assert.Equal(message.GetProperty("type").GetString(), written.Type);
            Assert.Equal(message.Hex("bytes"), written.Bytes);
        }
    }

    private static SessionRecord Restore(JsonElement vector, string at)
    {
        var state = vector.GetProperty(at);
        var bob = vector.GetProperty("bob");
        var session = new StoredSession
        {
            LocalIdentity = Bytes(Pair(vector.GetProperty("alice"), "identity").Public),
            RemoteIdentity = Bytes(Pair(bob, "identity").Public),
            RootKey = Bytes(state.Hex("rootKey")),
            RatchetPrivate = Bytes(Pair(state, "ratchet").Private),
            RatchetPublic = Bytes(Pair(state, "ratchet").Public),
            SendingChainKey = Bytes(state.Hex("sendingChainKey")),
            SendingCounter = state.GetProperty("sendingCounter").GetUInt32(),
            PreviousCounter = state.GetProperty("previousCounter").GetUInt32(),
            BaseKey = Bytes(state.Hex("baseKey")),
        };
        if (state.GetProperty("pending").GetBoolean())
        {
            session.Pending = new() { SignedPreKeyId = 7, BaseKey = session.BaseKey };
            if (bob.TryGetProperty("preKeyId", out var id)) session.Pending.PreKeyId = id.GetUInt32();
        }

        return SessionRecord.Parse(new StoredSessions { Current = session }.ToByteArray());
    }

    private static JsonElement Session(int index) => Vectors.Load("interop-vectors.json").GetProperty("sessions")[index];

    private static LocalIdentity Identity(JsonElement device) => new(Pair(device, "identity"), device.GetProperty("registrationId").GetUInt32());

    private static KeyPair Pair(JsonElement owner, string name) => new(owner.GetProperty(name).Hex("priv"), owner.GetProperty(name).Hex("pub"));

    private static ByteString Bytes(byte[] bytes) => ByteString.CopyFrom(bytes);
}
