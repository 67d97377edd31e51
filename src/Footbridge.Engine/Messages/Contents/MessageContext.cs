using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages.Contents;

/// <summary>What goes around a message's content: what it answers and whom it mentions.</summary>
public sealed record MessageContext
{
    public static MessageContext None { get; } = new();

    public Quote? Quote { get; init; }

    /// <summary>People whose <c>@number</c> stands in the text, by phone or LID; a known LID replaces a phone on the way out.</summary>
    public IReadOnlyList<Jid> Mentions { get; init; } = [];

    /// <summary>Everybody in the group.</summary>
    public bool MentionsAll { get; init; }

    /// <summary>Null when there is nothing to say.</summary>
    internal ContextInfo? Build()
    {
        if (Quote is null && Mentions.Count == 0 && !MentionsAll) return null;
        var info = new ContextInfo();
        info.MentionedJid.AddRange(Mentions.Select(jid => jid.ToUser().ToString()));
        if (MentionsAll) info.NonJidMentions = 1;
        if (Quote is not { } quote) return info;
        info.StanzaId = quote.Id;
        info.Participant = quote.Author.ToUser().ToString();
        info.QuotedMessage = quote.Content is null ? new() { Conversation = "" } : Bare(quote.Content);
        if (quote.OtherChat is { } chat) info.RemoteJid = chat.ToString();
        return info;
    }

    /// <summary>A quoted message does not carry what it quotes itself, nor its secret.</summary>
    private static Message Bare(Message content)
    {
        var bare = content.Clone();
        bare.MessageContextInfo = null;
        ContextInfos.Clear(bare);
        return bare;
    }
}

/// <summary>A message that another one answers.</summary>
/// <param name="Content">Shown above the answer; null when it is not known any more.</param>
/// <param name="OtherChat">Where it stands, when that is another chat.</param>
public sealed record Quote(string Id, Jid Author, Message? Content, Jid? OtherChat);

/// <summary>A message that is reacted to, changed, pinned or voted in.</summary>
/// <param name="Participant">Its author in groups; null in direct chats.</param>
public sealed record MessageTarget(string Id, bool IsFromMe, Jid? Participant)
{
    internal MessageKey KeyIn(Jid chat)
    {
        var key = new MessageKey { RemoteJid = chat.ToString(), FromMe = IsFromMe, Id = Id };
        if (Participant is { } author) key.Participant = author.ToUser().ToString();
        return key;
    }
}
