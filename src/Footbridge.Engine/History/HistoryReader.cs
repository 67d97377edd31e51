using System.IO.Compression;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.Engine.History;

/// <summary>Reads a compressed history part by part, so that memory holds one chat at a time.</summary>
/// <remarks>Source: docs/protocol/history.md.</remarks>
internal static class HistoryReader
{
    /// <summary>Largest history taken in, inflated.</summary>
    public const int MaxBytes = 256 * 1024 * 1024;
    private const int MaxDepth = 64;
    private const int SkippedFieldsAtOnce = 1024;

    /// <summary>The parts in the order they lie in; kinds nobody needs are left out.</summary>
    /// <exception cref="ProtocolException">It cannot be inflated, is no history, or is larger than <see cref="MaxBytes"/>.</exception>
    public static IEnumerable<HistoryPart> Read(Stream compressed)
    {
        using var inflated = new ZLibStream(compressed, CompressionMode.Decompress, leaveOpen: true);
        using var input = CodedInputStream.CreateWithLimits(inflated, MaxBytes, MaxDepth);
        while (Next(input) is { } part)
        {
            if (part is not HistoryPart.Skipped) yield return part;
        }
    }

    private static HistoryPart? Next(CodedInputStream input)
    {
        try
        {
            // Unknown fields come in runs; going round once for each would make one empty part for two bytes.
            for (var skipped = 0; skipped < SkippedFieldsAtOnce; skipped++)
            {
                var tag = input.ReadTag();
                if (tag == 0) return null;
                if (Part(input, tag) is { } part) return part;
            }

            return new HistoryPart.Skipped();
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidOperationException || Inflation.IsFailure(e))
        {
            throw new ProtocolException("a history that cannot be read", e);
        }
    }

    private static HistoryPart? Part(CodedInputStream input, uint tag)
    {
        switch (WireFormat.GetTagWireType(tag), WireFormat.GetTagFieldNumber(tag))
        {
            case (WireFormat.WireType.LengthDelimited, HistorySync.ConversationsFieldNumber): return new HistoryPart.Chat(Message(input, new Conversation()));
            case (WireFormat.WireType.LengthDelimited, HistorySync.StatusV3MessagesFieldNumber): return new HistoryPart.Status(Message(input, new WebMessageInfo()));
            case (WireFormat.WireType.LengthDelimited, HistorySync.PushnamesFieldNumber): return new HistoryPart.Name(Message(input, new Pushname()));
            case (WireFormat.WireType.LengthDelimited, HistorySync.PhoneNumberToLidMappingsFieldNumber): return new HistoryPart.Pair(Message(input, new PhoneNumberToLIDMapping()));
            case (WireFormat.WireType.LengthDelimited, HistorySync.CompanionMetaNonceFieldNumber): return new HistoryPart.CompanionMetaNonce(input.ReadString());
            case (WireFormat.WireType.LengthDelimited, HistorySync.NctSaltFieldNumber): return new HistoryPart.NctSalt(input.ReadBytes().ToByteArray());
            default:
                input.SkipLastField();
                return null;
        }
    }

    private static T Message<T>(CodedInputStream input, T message) where T : IMessage
    {
        input.ReadMessage(message);
        return message;
    }
}

/// <summary>One part of a history.</summary>
internal abstract record HistoryPart
{
    private HistoryPart()
    {
    }

    public sealed record Chat(Conversation Conversation) : HistoryPart;

    public sealed record Status(WebMessageInfo Message) : HistoryPart;

    public sealed record Name(Pushname Pushname) : HistoryPart;

    public sealed record Pair(PhoneNumberToLIDMapping Mapping) : HistoryPart;

    public sealed record CompanionMetaNonce(string Nonce) : HistoryPart;

    public sealed record NctSalt(byte[] Salt) : HistoryPart;

    /// <summary>Fields nobody needs.</summary>
    public sealed record Skipped : HistoryPart;
}
