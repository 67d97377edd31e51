using Footbridge.Protocol;
using Footbridge.Protocol.Generated;

namespace Footbridge.Engine.History;

/// <summary>Reads a compressed history part by part, and a chat message by message: memory holds the bytes of one part and one message's objects.</summary>
/// <remarks>Source: docs/protocol/history.md.</remarks>
internal static class HistoryReader
{
    /// <summary>Largest history taken in, inflated.</summary>
    public const int MaxBytes = 256 * 1024 * 1024;

    /// <summary>Largest message; larger ones of a chat are left out.</summary>
    public const int MaxMessageBytes = 4 * 1024 * 1024;

    /// <summary>A message with an id, a time and content has more; what has less is left out.</summary>
    private const int MinMessageBytes = 12;

    private const int MaxChatBytes = 64 * 1024 * 1024;
    private const int MaxSmallBytes = 64 * 1024;

    /// <summary>The parts in the order they lie in; kinds nobody needs are left out. A part, and a chat's messages, are to be read before the next part is asked for.</summary>
    /// <exception cref="ProtocolException">It cannot be inflated, is no history, or is larger than <see cref="MaxBytes"/>, or a part of it is larger than such parts may be.</exception>
    public static IEnumerable<HistoryPart> Read(Stream compressed)
    {
        using var fields = new HistoryFields(compressed, MaxBytes);
        while (fields.Next(LimitOf) is { } field)
        {
            if (field.Content.Length > 0) yield return Part(field.Number, field.Content);
        }
    }

    public static bool MayBeMessage(int length) => length is >= MinMessageBytes and <= MaxMessageBytes;

    private static int? LimitOf(int field) => field switch
    {
        HistorySync.ConversationsFieldNumber => MaxChatBytes,
        HistorySync.StatusV3MessagesFieldNumber => MaxMessageBytes,
        HistorySync.PushnamesFieldNumber or HistorySync.PhoneNumberToLidMappingsFieldNumber or HistorySync.CompanionMetaNonceFieldNumber or HistorySync.NctSaltFieldNumber => MaxSmallBytes,
        _ => null,
    };

    private static HistoryPart Part(int field, ReadOnlyMemory<byte> content) => field switch
    {
        HistorySync.ConversationsFieldNumber => HistoryPart.Chat.Parse(content),
        HistorySync.StatusV3MessagesFieldNumber => new HistoryPart.Status(Protobuf.Parse(WebMessageInfo.Parser, content.Span), content.Length),
        HistorySync.PushnamesFieldNumber => new HistoryPart.Name(Protobuf.Parse(Pushname.Parser, content.Span)),
        HistorySync.PhoneNumberToLidMappingsFieldNumber => new HistoryPart.Pair(Protobuf.Parse(PhoneNumberToLIDMapping.Parser, content.Span)),
        HistorySync.CompanionMetaNonceFieldNumber => new HistoryPart.CompanionMetaNonce(System.Text.Encoding.UTF8.GetString(content.Span)),
        _ => new HistoryPart.NctSalt(content.ToArray()),
    };
}

/// <summary>One part of a history.</summary>
internal abstract record HistoryPart
{
    private HistoryPart()
    {
    }

    /// <param name="Conversation">Without its messages.</param>
    public sealed record Chat(Conversation Conversation, ReadOnlyMemory<byte> Bytes) : HistoryPart
    {
        /// <exception cref="ProtocolException">It is no chat.</exception>
        public static Chat Parse(ReadOnlyMemory<byte> bytes)
        {
            using var rest = new MemoryStream();
            for (var at = 0; ProtobufFields.At(bytes.Span, at) is { } field; at = field.End)
            {
                if (!IsMessage(field)) rest.Write(bytes.Span[field.Start..field.End]);
            }

            return new(Protobuf.Parse(Conversation.Parser, rest.GetBuffer().AsSpan(0, (int)rest.Length)), bytes);
        }

        /// <summary>The messages, each parsed when it is asked for, with the bytes it takes; what is no message is left out.</summary>
        /// <exception cref="ProtocolException">One is malformed.</exception>
        public IEnumerable<(WebMessageInfo Message, int Length)> Messages()
        {
            for (var at = 0; ProtobufFields.At(Bytes.Span, at) is { } field; at = field.End)
            {
                if (!IsMessage(field) || !HistoryReader.MayBeMessage(field.ContentLength)) continue;
                if (Protobuf.Parse(HistorySyncMsg.Parser, Bytes.Span[field.Content..field.End]).Message is { } message) yield return (message, field.ContentLength);
            }
        }

        private static bool IsMessage(ProtobufField field) => field is { Number: Conversation.MessagesFieldNumber, HasLength: true };
    }

    public sealed record Status(WebMessageInfo Message, int Length) : HistoryPart;

    public sealed record Name(Pushname Pushname) : HistoryPart;

    public sealed record Pair(PhoneNumberToLIDMapping Mapping) : HistoryPart;

    public sealed record CompanionMetaNonce(string Nonce) : HistoryPart;

    public sealed record NctSalt(byte[] Salt) : HistoryPart;
}
