using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Api.Chatting;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>Sends through the sessions of this process.</summary>
internal sealed class LocalMessageGate(SessionRegistry sessions) : IMessageGate
{
    public Task SendTextAsync(string session, OutgoingText text, CancellationToken ct) => SendText.SendAsync(sessions, session, text with { Tag = ChatwootEvents.Tag }, ct);

    public Task MarkReadAsync(string session, Jid chat, IReadOnlyList<string> messageIds, CancellationToken ct) =>
        sessions.Find(session)?.MarkReadAsync(chat, messageIds, ct) ?? Task.CompletedTask;
}
