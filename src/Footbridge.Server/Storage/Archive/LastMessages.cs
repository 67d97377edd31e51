using Footbridge.Engine.AppState;
using Footbridge.Engine.Events;

namespace Footbridge.Server.Storage.Archive;

/// <summary>Names a chat's last message to the engine, which tells the account's other devices up to where a change of the chat goes.</summary>
internal sealed class LastMessages(MessageArchive archive, string session) : IChatHistory
{
    public ValueTask<LastMessage?> LastMessageAsync(Party chat, CancellationToken ct)
    {
        var last = archive.OfChat(session, chat.Phone ?? chat.Address, MessageFilter.None, new(1, 0, true)).FirstOrDefault()?.Message;
        return new(last is null ? null : new LastMessage(last.MessageId, last.IsFromMe, last.Sender.Address, last.Time));
    }
}
