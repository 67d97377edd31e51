using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Finds the message that is quoted, reacted to, changed or forwarded.</summary>
internal static class Quotes
{
    /// <summary>A quote of a message: with its content when it is known, else with what its id tells of its author.</summary>
    public static async ValueTask<Quote> FindAsync(Session live, IMessageArchive archive, MessageRef reference, Jid chat, CancellationToken ct)
    {
        if (await archive.FindAsync(live.Name, null, reference.Id, ct) is { } known)
        {
            var isHere = known.Chat.Address.IsSameUser(chat) || known.Chat.Phone == chat || known.Chat.Lid == chat;
            return new(known.MessageId, known.Sender.Address, known.Content, isHere ? null : known.Chat.Address);
        }

        return new(reference.Id, AuthorOf(live, reference, chat), null, reference.Chat == Jid.Status && chat != Jid.Status ? Jid.Status : null);
    }

    /// <summary>A message as its key, which says whose it is; the archive knows better than a raw id.</summary>
    public static async ValueTask<MessageTarget> TargetAsync(Session live, IMessageArchive archive, MessageRef reference, Jid chat, CancellationToken ct)
    {
        if (await archive.FindAsync(live.Name, null, reference.Id, ct) is { } known) return new(known.MessageId, known.IsFromMe, chat.IsUser ? null : known.Sender.Address);
        var isFromMe = reference.IsFromMe ?? false;
        return new(reference.Id, isFromMe, chat.IsUser ? null : isFromMe ? Self(live) : reference.Participant);
    }

    /// <summary>Who wrote a message, as its id says; a raw id is taken for the other side's.</summary>
    private static Jid AuthorOf(Session live, MessageRef reference, Jid chat) =>
        reference.IsFromMe == true && Self(live) is { } me ? me : reference.Participant ?? (reference.Chat is { IsUser: true } author ? author : chat);

    private static Jid? Self(Session live) => WahaIds.ParseChatId(live.Me?.Id ?? "");
}
