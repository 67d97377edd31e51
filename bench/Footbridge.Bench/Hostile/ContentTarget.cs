using Footbridge.Bench.Hostile.Harness;
using Footbridge.Engine.Events;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Google.Protobuf;
using ProtocolMessage = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;

namespace Footbridge.Bench.Hostile;

/// <summary>All that is done with an opened plaintext: of a stranger in a chat, a group or a channel, and of the account's own phone.</summary>
internal static class ContentTarget
{
    public static readonly Party Person = new(new Jid("200000000000002", JidServer.Lid), new Jid("5511999999999", JidServer.User), new Jid("200000000000002", JidServer.Lid));
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(1_795_000_000);
    private static readonly Jid Group = new("120363000000000001", JidServer.Group);
    private static readonly Party[] Chats = [Person, new(Group, null, null), new(new Jid("120363000000000009", JidServer.Newsletter), null, null)];
    private static readonly MessageSource FromPhone = new("3EB0", HostileAccount.Me.Phone.WithDevice(0), HostileAccount.Me.Phone.ToUser(), null, HostileAccount.Me.Phone.ToUser(), null, true, Time, null, false, true);
    private static readonly Footbridge.Engine.Messages.Contents.MessageTarget Target = new("3EB0", true, Person.Address);

    public static HostileTarget Create(int seed)
    {
        var store = new HostileStore(_ => { });
        return new("message content", new(seed, [.. Contents().Select(Pad)], Special, Restructure), input => Parse(store, input));
    }

    /// <summary>Takes a message in as one that was just decrypted.</summary>
    public static async Task TakeAsync(HostileAccount account, Message message, Party chat)
    {
        var batch = new StoreBatch();
        try
        {
            await account.Messages.Inbound.TakeAsync(new("message:3EB9|1", "3EB9", Time, chat, Person, false, "Zoë", message), batch, CancellationToken.None);
        }
        finally
        {
            await account.Context.Commits.CommitAsync(batch, () => { }, CancellationToken.None);
        }
    }

    private static object? Parse(HostileStore store, byte[] input)
    {
        var message = Protobuf.Parse(Message.Parser, MessagePadding.Remove(input));
        Look(message);
        return HostileAccount.Run(store, async account =>
        {
            _ = account.PeerFeatures;
            var batch = new StoreBatch();
            await account.Messages.Peers.TakeAsync(message, FromPhone, batch, CancellationToken.None);
            await account.Context.Commits.CommitAsync(batch, () => { }, CancellationToken.None);
            await TakeAsync(account, message.DeviceSentMessage?.Message ?? message, Chats[input.Length % Chats.Length]);
        });
    }

    /// <summary>What people later do with a message: it is quoted, forwarded, sent again, its file fetched.</summary>
    private static void Look(Message message)
    {
        _ = MessageTraits.Of(message);
        _ = MediaReference.Of(message);
        _ = new MessageContext { Quote = new("3EB0", Group, message, null) }.Build();
        _ = MessageTraits.Of(ForwardContents.Forward(MessageContent.Unwrap(message), isOwn: false)).Meta;
    }

    private static byte[] Restructure(Random random, byte[] sample, byte[] donor) =>
        sample.Length == 0 || donor.Length == 0 ? donor : [.. ProtobufMutator.Mutate(random, sample[..^1], donor[..^1]), 1];

    private static byte[] Pad(Message message) => [.. message.ToByteArray(), 1];

    private static IEnumerable<Message> Contents()
    {
        var context = new MessageContext { Quote = new("3EB0", Person.Address, new() { Conversation = "old" }, Group), Mentions = [Person.Address], MentionsAll = true };
        yield return TextContents.Text("hello ✓", context, new("https://example.org", "title", "text", [1, 2, 3]));
        yield return new() { DeviceSentMessage = new() { DestinationJid = "2@lid", Message = new() { Conversation = "sent" } }, MessageContextInfo = new() { MessageSecret = ByteString.CopyFrom(new byte[32]) } };
        yield return new() { ImageMessage = new() { Url = "https://mmg.whatsapp.net/a", DirectPath = "/v/a", Mimetype = "image/jpeg", Caption = "c", MediaKey = ByteString.CopyFrom(new byte[32]), FileLength = 9, JpegThumbnail = ByteString.CopyFrom(new byte[9]) } };
        yield return new() { DocumentWithCaptionMessage = new() { Message = new() { DocumentMessage = new() { FileName = "a.pdf", Caption = "c", Mimetype = "application/pdf", DirectPath = "/v/b", MediaKey = ByteString.CopyFrom(new byte[32]) } } } };
        yield return new() { ViewOnceMessageV2 = new() { Message = new() { AudioMessage = new() { Ptt = true, Waveform = ByteString.CopyFrom(new byte[64]), ViewOnce = true, Url = "x" } } } };
        yield return PlaceContents.Location(1.5, -2.5, "name", "street", "https://example.org", context);
        yield return new() { LiveLocationMessage = new() { DegreesLatitude = 1.5, DegreesLongitude = -2.5, Caption = "caption", SequenceNumber = 1 } };
        yield return ContactContents.Contacts([ContactCard.Of("Zoë", "Org", "+55 11", "5511999999999"), ContactCard.Of("Ana", null, "1", null)]);
        yield return PollContents.Poll("which?", ["one", "two"], allowsMany: true, context);
        yield return EventContents.Event(new("party", Time));
        yield return MenuContents.List("title", "text", "footer", "open", [new("section", [new("row", "1", "text")])]);
        yield return MenuContents.ListReply("1", "row", "text", context);
        yield return MenuContents.ButtonReply("1", "yes", context);
        yield return new() { ReactionMessage = new() { Key = new() { RemoteJid = "1@lid", Id = "3EB0", Participant = "2@lid" }, Text = "👍", SenderTimestampMs = 1 } };
        yield return ChangeContents.Edit(Group, Target, "new text", null, Time, context);
        yield return ChangeContents.Revoke(Group, Target);
        yield return ChangeContents.Pin(Group, Target, 86_400, Time);
        yield return ChangeContents.EphemeralSetting(86_400, Time);
        yield return new() { ProtocolMessage = new() { Type = ProtocolType.GroupMemberLabelChange, MemberLabel = new() { Label = "boss" } } };
        yield return new() { ProtocolMessage = new() { Type = ProtocolType.LimitSharing, LimitSharing = new() { SharingLimited = true } } };
        yield return OfPhone(new() { Type = ProtocolType.AppStateSyncKeyShare, AppStateSyncKeyShare = KeyShare() });
        yield return OfPhone(new() { Type = ProtocolType.PeerDataOperationRequestResponseMessage, PeerDataOperationRequestResponseMessage = Resent() });
        yield return OfPhone(new() { Type = ProtocolType.HistorySyncNotification, HistorySyncNotification = new() { SyncType = Message.Types.HistorySyncType.Recent, InitialHistBootstrapInlinePayload = ByteString.CopyFrom(0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01) } });
    }

    private static Message OfPhone(ProtocolMessage protocol) => new() { ProtocolMessage = protocol };

    private static Message.Types.AppStateSyncKeyShare KeyShare() => new()
    {
        Keys = { new Message.Types.AppStateSyncKey { KeyId = new() { KeyId = ByteString.CopyFrom(0, 0, 0, 1) }, KeyData = new() { KeyData = ByteString.CopyFrom(new byte[32]), Timestamp = 1 } } },
    };

    private static Message.Types.PeerDataOperationRequestResponseMessage Resent()
    {
        var info = new WebMessageInfo { Key = new() { Id = "3EB0", RemoteJid = "1@lid" }, Message = new() { Conversation = "again" }, MessageTimestamp = 1 };
        return new()
        {
            PeerDataOperationRequestType = Message.Types.PeerDataOperationRequestType.PlaceholderMessageResend,
            PeerDataOperationResult = { new Message.Types.PeerDataOperationRequestResponseMessage.Types.PeerDataOperationResult { PlaceholderMessageResendResponse = new() { WebMessageInfoBytes = info.ToByteString() } } },
        };
    }

    /// <summary>Containers of all kinds within each other, up to a thousand; keys and texts that are not there.</summary>
    private static byte[] Special(Random random) => random.Next(4) switch
    {
        0 => [.. Nested(random, random.Next(1000)), 1],
        1 => [.. Nested(random, random.Next(45)), 1],
        2 => Pad(Empty(random)),
        _ => [.. new byte[random.Next(64)], (byte)random.Next(256)],
    };

    private static byte[] Nested(Random random, int depth)
    {
        // Quotes, edits and the fields of each container; bytes, since no encoder goes so deep.
        byte[] content = new Message { Conversation = "deep" }.ToByteArray();
        int[][] ways = [[40, 1], [37, 1], [55, 1], [53, 1], [58, 1], [31, 2], [6, 17, 3], [12, 14], [59, 1], [74, 1]];
        var one = ways[random.Next(ways.Length)];
        for (; depth > 0; depth--)
        {
            foreach (var field in (random.Next(2) == 0 ? one : ways[random.Next(ways.Length)]).Reverse()) content = [.. Tag(field), .. content];
        }

        return content;

        byte[] Tag(int field)
        {
            using var bytes = new MemoryStream();
            using (var output = new CodedOutputStream(bytes, leaveOpen: true))
            {
                output.WriteTag(field, WireFormat.WireType.LengthDelimited);
                output.WriteLength(content.Length);
            }

            return bytes.ToArray();
        }
    }

    private static Message Empty(Random random) => random.Next(9) switch
    {
        0 => new() { ReactionMessage = new() },
        1 => new() { ProtocolMessage = new() { Type = ProtocolType.Revoke } },
        2 => new() { ProtocolMessage = new() { Type = ProtocolType.MessageEdit, EditedMessage = new() } },
        3 => new() { ProtocolMessage = new() { Type = (ProtocolType)random.Next(-1, 40) } },
        4 => new() { ContactsArrayMessage = new() { Contacts = { new Message.Types.ContactMessage() } } },
        5 => new() { LocationMessage = new() { DegreesLatitude = double.NaN, DegreesLongitude = double.PositiveInfinity } },
        6 => new() { InteractiveResponseMessage = new() },
        7 => new() { ExtendedTextMessage = new() { ContextInfo = new() { StanzaId = "1", QuotedMessage = new() { LocationMessage = new() { DegreesLatitude = double.NegativeInfinity } } } } },
        _ => new() { PollCreationMessage = new() { Options = { new Message.Types.PollCreationMessage.Types.Option() } } },
    };
}
