using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Generated;

namespace Footbridge.Engine.Messages;

/// <summary>A text of an app as a message: plain, or with the message it answers.</summary>
internal static class TextContent
{
    public static Message Build(OutgoingText text) => TextContents.Text(text.Text, text.Quote is not { } quote ? null : new()
    {
        Quote = new(quote.Id, quote.Author, new() { Conversation = quote.Text ?? "" }, null),
    });
}
