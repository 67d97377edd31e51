using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.Engine.Messages.Contents;

/// <summary>Messages in another form: forwarded, or to be seen once. Source: docs/protocol/message-kinds.md.</summary>
public static class ForwardContents
{
    /// <summary>A message as a forwarded one: without what it answered and whom it mentioned; each time it is forwarded its score rises.</summary>
    public static Message Forward(Message original, bool isOwn)
    {
        var content = original.Clone();
        content.MessageContextInfo = null;
        var score = ContextInfos.Find(content)?.ForwardingScore ?? 0;
        ContextInfos.Clear(content);
        // One's own message is passed on as if written anew.
        if (isOwn && score == 0) return content;
        ContextInfos.Change(content, info => (info.IsForwarded, info.ForwardingScore) = (true, score + 1));
        return content;
    }

    /// <summary>A picture, video or voice message that can be opened once.</summary>
    /// <exception cref="ArgumentException">The kind cannot be sent so.</exception>
    public static Message ViewOnce(Message content)
    {
        var inner = content.Clone();
        if (inner.ImageMessage is { } image) image.ViewOnce = true;
        else if (inner.VideoMessage is { } video) video.ViewOnce = true;
        else if (inner.AudioMessage is { } audio) audio.ViewOnce = true;
        else if (inner.ExtendedTextMessage is { } text) text.ViewOnce = true;
        else throw new ArgumentException("only pictures, videos, voice messages and texts can be seen once", nameof(content));
        var wrapped = new Message { MessageContextInfo = inner.MessageContextInfo };
        inner.MessageContextInfo = null;
        if (inner.AudioMessage is not null) wrapped.ViewOnceMessageV2Extension = new() { Message = inner };
        else wrapped.ViewOnceMessageV2 = new() { Message = inner };
        return wrapped;
    }
}
