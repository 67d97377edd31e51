using Footbridge.Engine.Messages;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Google.Protobuf;

namespace Footbridge.Bench.Hostile;

/// <summary>Opened plaintexts: anybody who may write to the account decides every byte of them.</summary>
internal static class MessageTarget
{
    public static HostileTarget Create(int seed) => new("message protobuf", new(seed, Samples(), Special), Parse);

    private static object Parse(byte[] input)
    {
        var message = Protobuf.Parse(Message.Parser, MessagePadding.Remove(input));
        message = MessageContent.Unwrap(message.DeviceSentMessage?.Message ?? message);
        return MessageContent.IsOnlyForDevices(message) ? input : message;
    }

    private static byte[][] Samples()
    {
        var text = new Message
        {
            ExtendedTextMessage = new() { Text = "hello ✓", ContextInfo = new() { StanzaId = "3EB0", Participant = "1@lid", QuotedMessage = new() { Conversation = "old" } } },
            MessageContextInfo = new() { MessageSecret = ByteString.CopyFrom(new byte[32]) },
        };
        var image = new Message { ImageMessage = new() { Url = "https://example.org/a", Mimetype = "image/jpeg", MediaKey = ByteString.CopyFrom(new byte[32]), FileLength = 99 } };
        var revoke = new Message { ProtocolMessage = new() { Type = Message.Types.ProtocolMessage.Types.Type.Revoke, Key = new() { Id = "3EB1", RemoteJid = "1@lid" } } };
        var wrapped = new Message { EphemeralMessage = new() { Message = image } };
        var sent = new Message { DeviceSentMessage = new() { DestinationJid = "2@lid", Message = text } };
        return [.. new[] { text, image, revoke, wrapped, sent }.Select(Pad)];
    }

    private static byte[] Pad(Message message) => [.. message.ToByteArray(), 3, 3, 3];

    private static byte[] Special(Random random)
    {
        var bytes = random.Next(3) switch
        {
            0 => Nested(random),
            1 => Groups(random.Next(1, 2000)),
            _ => Tiny(random, random.Next(1, random.Next(20) == 0 ? 100_000 : 500)),
        };
        return [.. bytes, 1];
    }

    private static byte[] Nested(Random random)
    {
        var message = new Message { Conversation = "deep" };
        for (var depth = random.Next(1, 120); depth > 0; depth--)
        {
            message = random.Next(3) switch
            {
                0 => new() { EphemeralMessage = new() { Message = message } },
                1 => new() { ViewOnceMessage = new() { Message = message } },
                _ => new() { ExtendedTextMessage = new() { ContextInfo = new() { QuotedMessage = message } } },
            };
        }

        return message.ToByteArray();
    }

    /// <summary>Groups, the old form of nesting, of a field nobody knows.</summary>
    private static byte[] Groups(int depth) => [.. Enumerable.Repeat((byte)0x0B, depth)];

    /// <summary>One empty field again and again: each merges, or makes an object for two bytes.</summary>
    private static byte[] Tiny(Random random, int count)
    {
        var field = random.Next(1, 120);
        byte[] part = field < 16 ? [(byte)(field << 3 | 2), 0] : [(byte)(field << 3 & 0x7F | 0x82), (byte)(field >> 4), 0];
        return [.. Enumerable.Repeat(part, count).SelectMany(b => b)];
    }
}
