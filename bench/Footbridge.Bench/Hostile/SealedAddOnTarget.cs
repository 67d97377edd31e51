using Footbridge.Bench.Hostile.Harness;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Messages;
using Google.Protobuf;
using Kinds = Footbridge.Protocol.Generated.Message.Types;
using SecretUse = Footbridge.Protocol.Generated.Message.Types.SecretEncryptedMessage.Types.SecretEncType;

namespace Footbridge.Bench.Hostile;

/// <summary>Votes, answers, reactions, comments and edits that are sealed under a message's secret, by people who have it and by people who do not.</summary>
internal static class SealedAddOnTarget
{
    private const string Id = "3EB0";
    private static readonly byte[] Secret = new byte[AddOnCipher.SecretBytes];
    private static readonly byte[] Nonce = new byte[AddOnCipher.NonceBytes];
    private static readonly byte[][] Plain =
    [
        new Kinds.PollVoteMessage { SelectedOptions = { ByteString.CopyFrom(PollContents.HashOf("one")) } }.ToByteArray(),
        new Kinds.EventResponseMessage { Response = Kinds.EventResponseMessage.Types.EventResponseType.Going, TimestampMs = 1, ExtraGuestCount = 2 }.ToByteArray(),
        new Kinds.ReactionMessage { Text = "👍", SenderTimestampMs = 1 }.ToByteArray(),
        new Message { ExtendedTextMessage = new() { Text = "comment", ContextInfo = new() { StanzaId = "1" } } }.ToByteArray(),
        new Message { ProtocolMessage = new() { Type = Kinds.ProtocolMessage.Types.Type.MessageEdit, EditedMessage = new() { Conversation = "edited" } } }.ToByteArray(),
    ];

    public static HostileTarget Create(int seed)
    {
        var store = new HostileStore(Give);
        return new("add-ons", new(seed, [.. Enumerable.Range(0, Plain.Length).Select(kind => Sealed(kind, Plain[kind]))], Forge, ProtobufMutator.Mutate), input => Parse(store, input));
    }

    private static object? Parse(HostileStore store, byte[] input)
    {
        var message = Protobuf.Parse(Message.Parser, input);
        return HostileAccount.Run(store, account => ContentTarget.TakeAsync(account, message, ContentTarget.Person));
    }

    /// <summary>A poll, of which two options are called the same, that is an event, a text and all else as well.</summary>
    private static void Give(StoreBatch batch)
    {
        var poll = new Kinds.PollCreationMessage();
        poll.Options.AddRange(new[] { "one", "two", "one" }.Select(name => new Kinds.PollCreationMessage.Types.Option { OptionName = name }));
        var content = new Message { PollCreationMessage = poll, EventMessage = new() { Name = "party" }, MessageContextInfo = new() { MessageSecret = ByteString.CopyFrom(Secret) } };
        StoredMessages.Keep(new("message:3EB0|1", DateTimeOffset.UnixEpoch, Id, ContentTarget.Person, ContentTarget.Person, false, "Zoë", content, false), batch);
    }

    /// <summary>Rightly sealed, with what no honest client would write.</summary>
    private static byte[] Forge(Random random)
    {
        var kind = random.Next(Plain.Length);
        var plain = Plain[random.Next(4) == 0 ? random.Next(Plain.Length) : kind];
        for (var n = random.Next(3); n >= 0; n--) plain = ProtobufMutator.Mutate(random, plain, Plain[random.Next(Plain.Length)]);
        if (random.Next(8) == 0) random.NextBytes(plain);
        return Sealed(kind, plain);
    }

    private static byte[] Sealed(int kind, byte[] plain)
    {
        var key = new MessageKey { RemoteJid = "200000000000002@lid", FromMe = true, Id = Id };
        string[] uses = [AddOnUse.PollVote, AddOnUse.EventResponse, AddOnUse.Reaction, AddOnUse.Comment, AddOnUse.MessageEdit];
        var person = ContentTarget.Person.Address;
        var (payload, nonce) = (ByteString.CopyFrom(AddOnCipher.Encrypt(uses[kind], Secret, Id, person, person, plain, Nonce)), ByteString.CopyFrom(Nonce));
        return (kind switch
        {
            0 => new Message { PollUpdateMessage = new() { PollCreationMessageKey = key, Vote = new() { EncPayload = payload, EncIv = nonce }, SenderTimestampMs = 5 } },
            1 => new Message { EncEventResponseMessage = new() { EventCreationMessageKey = key, EncPayload = payload, EncIv = nonce } },
            2 => new Message { EncReactionMessage = new() { TargetMessageKey = key, EncPayload = payload, EncIv = nonce } },
            3 => new Message { EncCommentMessage = new() { TargetMessageKey = key, EncPayload = payload, EncIv = nonce } },
            _ => new Message { SecretEncryptedMessage = new() { TargetMessageKey = key, EncPayload = payload, EncIv = nonce, SecretEncType = SecretUse.MessageEdit } },
        }).ToByteArray();
    }
}
