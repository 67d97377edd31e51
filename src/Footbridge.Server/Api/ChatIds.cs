using Footbridge.Engine.Events;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api;

/// <summary>Chats that requests name.</summary>
internal static class ChatIds
{
    /// <exception cref="InvalidRequestException">It is no chat id.</exception>
    public static Jid Parse(string chatId) => WahaIds.ParseChatId(Uri.UnescapeDataString(chatId)) ?? throw new InvalidRequestException("chatId is not a chat id");

    /// <summary>Both addresses of a chat, as far as they are known.</summary>
    public static async ValueTask<Party> PartyAsync(Session session, Jid chat, CancellationToken ct)
    {
        var twin = chat.IsUser ? await session.FindTwinAsync(chat, ct) : null;
        return chat.IsLid ? new(chat, twin, chat) : chat.IsPhone ? new(chat, chat, twin) : new(chat, null, null);
    }
}
