using System.Security.Cryptography;
using System.Text;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Messages;
using Footbridge.Protocol.Xml;
using Google.Protobuf;
using EventAnswer = Footbridge.Protocol.Generated.Message.Types.EventResponseMessage.Types.EventResponseType;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;
using SecretUse = Footbridge.Protocol.Generated.Message.Types.SecretEncryptedMessage.Types.SecretEncType;

namespace Footbridge.Simulator.WhatsApp.Phone;

/// <summary>Kinds of messages a person sends from a phone, beyond texts; each returns the message's id.</summary>
internal static class PhoneKinds
{
    public static string SendPoll(this FakePhone phone, string to, string name, params string[] options) => phone.Send(to, PollOf(name, options));

    public static string SendPoll(this PhoneGroups groups, Jid group, string name, params string[] options) => groups.Send(group, PollOf(name, options));

    private static Message PollOf(string name, string[] options)
    {
        var poll = new Message.Types.PollCreationMessage { Name = name, SelectableOptionsCount = 1 };
        poll.Options.AddRange(options.Select(option => new Message.Types.PollCreationMessage.Types.Option { OptionName = option }));
        return WithSecret(new() { PollCreationMessageV3 = poll });
    }

    public static string SendEvent(this FakePhone phone, string to, string name, long startSeconds) =>
        phone.Send(to, WithSecret(new() { EventMessage = new() { Name = name, StartTime = startSeconds } }));

    public static string SendLocation(this FakePhone phone, string to, double latitude, double longitude, string name) =>
        phone.Send(to, WithSecret(new() { LocationMessage = new() { DegreesLatitude = latitude, DegreesLongitude = longitude, Name = name } }));

    public static string SendContact(this FakePhone phone, string to, string name, string digits) => phone.Send(to, WithSecret(new()
    {
        ContactMessage = new() { DisplayName = name, Vcard = $"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL;type=CELL;waid={digits}:+{digits}\nEND:VCARD" },
    }));

    /// <summary>A text with a secret of its own, so that others can add to it.</summary>
    public static string SendSecretText(this FakePhone phone, string to, string text) => phone.Send(to, WithSecret(new() { ExtendedTextMessage = new() { Text = text } }));

    public static string React(this FakePhone phone, string to, PhoneMessage target, string emoji) => phone.Send(to, new()
    {
        ReactionMessage = new() { Key = phone.KeyOf(target), Text = emoji, SenderTimestampMs = 1 },
    });

    public static string ReactEncrypted(this FakePhone phone, string to, PhoneMessage target, string emoji)
    {
        var (payload, nonce) = phone.Seal(AddOnUse.Reaction, target, new Message.Types.ReactionMessage { Text = emoji, SenderTimestampMs = 1 });
        return phone.Send(to, new() { EncReactionMessage = new() { TargetMessageKey = phone.KeyOf(target), EncPayload = payload, EncIv = nonce } });
    }

    /// <param name="wraps">In the container that one client puts around edits; others send them bare.</param>
    public static string Edit(this FakePhone phone, string to, PhoneMessage target, string text, bool wraps)
    {
        var edit = new Message { ProtocolMessage = new() { Type = ProtocolType.MessageEdit, Key = phone.KeyOf(target), EditedMessage = new() { Conversation = text }, TimestampMs = 1 } };
        return phone.Send(to, wraps ? new() { EditedMessage = new() { Message = edit } } : edit);
    }

    public static string EditEncrypted(this FakePhone phone, string to, PhoneMessage target, string text)
    {
        var (payload, nonce) = phone.Seal(AddOnUse.MessageEdit, target, new Message { Conversation = text });
        return phone.Send(to, new()
        {
            SecretEncryptedMessage = new() { TargetMessageKey = phone.KeyOf(target), EncPayload = payload, EncIv = nonce, SecretEncType = SecretUse.MessageEdit },
        });
    }

    public static string Revoke(this FakePhone phone, string to, PhoneMessage target) =>
        phone.Send(to, new() { ProtocolMessage = new() { Type = ProtocolType.Revoke, Key = phone.KeyOf(target) } });

    /// <param name="atMs">When the vote was cast, by the phone's clock.</param>
    public static string Vote(this FakePhone phone, string to, PhoneMessage poll, long atMs, params string[] options) => phone.Send(to, phone.VoteOf(poll, atMs, options));

    /// <inheritdoc cref="Vote"/>
    public static string VoteIn(this FakePhone phone, Jid group, PhoneMessage poll, long atMs, params string[] options) => phone.Groups.Send(group, phone.VoteOf(poll, atMs, options));

    private static Message VoteOf(this FakePhone phone, PhoneMessage poll, long atMs, string[] options)
    {
        var vote = new Message.Types.PollVoteMessage();
        vote.SelectedOptions.AddRange(options.Select(option => ByteString.CopyFrom(SHA256.HashData(Encoding.UTF8.GetBytes(option)))));
        var (payload, nonce) = phone.Seal(AddOnUse.PollVote, poll, vote);
        return new() { PollUpdateMessage = new() { PollCreationMessageKey = phone.KeyOf(poll), Vote = new() { EncPayload = payload, EncIv = nonce }, SenderTimestampMs = atMs } };
    }

    public static string Respond(this FakePhone phone, string to, PhoneMessage planned, EventAnswer answer)
    {
        var (payload, nonce) = phone.Seal(AddOnUse.EventResponse, planned, new Message.Types.EventResponseMessage { Response = answer, TimestampMs = 1, ExtraGuestCount = 2 });
        return phone.Send(to, new() { EncEventResponseMessage = new() { EventCreationMessageKey = phone.KeyOf(planned), EncPayload = payload, EncIv = nonce } });
    }

    /// <summary>A text that can be opened once; linked devices are only told of it.</summary>
    public static string SendViewOnce(this FakePhone phone, string to, string text) =>
        phone.Send(to, new() { ViewOnceMessageV2 = new() { Message = new() { ExtendedTextMessage = new() { Text = text, ViewOnce = true } } } }, withheldAs: "view_once");

    public static string SetEphemeral(this FakePhone phone, string to, uint seconds) =>
        phone.Send(to, new() { ProtocolMessage = new() { Type = ProtocolType.EphemeralSetting, EphemeralExpiration = seconds, EphemeralSettingTimestamp = 1_700_000_000 } });

    /// <summary>Which options a vote chose, as a phone that has the poll opens it; null when it cannot.</summary>
    public static IReadOnlyList<string>? OpenVote(this FakePhone phone, PhoneMessage vote, PhoneMessage poll, IReadOnlyList<Jid> authors, IReadOnlyList<Jid> voters)
    {
        var sealedVote = vote.Content.PollUpdateMessage.Vote;
        if (AddOnCipher.TryDecrypt(AddOnUse.PollVote, poll.Secret, poll.Id, authors, voters, sealedVote.EncPayload.Span, sealedVote.EncIv.Span) is not { } plain) return null;
        var chosen = Message.Types.PollVoteMessage.Parser.ParseFrom(plain).SelectedOptions;
        var creation = poll.Content.PollCreationMessageV3 ?? poll.Content.PollCreationMessage;
        return [.. creation.Options.Select(o => o.OptionName).Where(name => chosen.Any(hash => hash.Span.SequenceEqual(SHA256.HashData(Encoding.UTF8.GetBytes(name)))))];
    }

    private static Message WithSecret(Message message)
    {
        message.MessageContextInfo = new() { MessageSecret = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(AddOnCipher.SecretBytes)) };
        return message;
    }

    private static MessageKey KeyOf(this FakePhone phone, PhoneMessage target)
    {
        var key = new MessageKey { RemoteJid = target.Chat.ToString(), FromMe = target.IsFromMe, Id = target.Id };
        if (target.Chat.IsGroup) key.Participant = target.Sender.ToString();
        return key;
    }

    private static (ByteString Payload, ByteString Nonce) Seal(this FakePhone phone, string use, PhoneMessage target, IMessage content)
    {
        var nonce = RandomNumberGenerator.GetBytes(AddOnCipher.NonceBytes);
        var secret = target.Secret ?? throw new ArgumentException("the message came without a secret");
        // Both people by their LIDs, as current phones do; for messages of the other side as they came.
        var author = target.IsFromMe ? phone.Lid : target.Sender;
        var payload = AddOnCipher.Encrypt(use, secret, target.Id, author, author.IsLid ? phone.Lid : phone.Number, content.ToByteArray(), nonce);
        return (ByteString.CopyFrom(payload), ByteString.CopyFrom(nonce));
    }
}
