using System.Security.Cryptography;
using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.Engine.Messages;

/// <summary>A text as a message: plain, or with the message it answers.</summary>
internal static class TextContent
{
    private const int SecretBytes = 32;

    public static Message Build(OutgoingText text)
    {
        var message = new Message { MessageContextInfo = new() { MessageSecret = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(SecretBytes)) } };
        message.ExtendedTextMessage = new() { Text = text.Text };
        if (text.Quote is { } quote)
        {
            message.ExtendedTextMessage.ContextInfo = new()
            {
                StanzaId = quote.Id,
                Participant = quote.Author.ToUser().ToString(),
                QuotedMessage = new() { Conversation = quote.Text ?? "" },
            };
        }

        return message;
    }
}
