using Footbridge.Engine.Messages;
using Footbridge.Engine.Presence;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>Sends through the sessions of this process.</summary>
internal sealed class LocalMessageGate(SessionRegistry sessions, CallContents contents) : IMessageGate
{
    public async Task SendAsync(string session, SendCall call, CancellationToken ct)
    {
        using var span = Traces.Send(call.Id);
        var live = await sessions.WaitWorkingAsync(session, ct);
        var chat = Jid.Parse(call.Chat);
        var (content, handle) = await contents.BuildAsync(live, chat, call, ct);
        await live.Client.SendAsync(new(call.Id, chat, content) { MediaHandle = handle, Tag = ChatwootEvents.Tag }, ct);
    }

    public Task MarkReadAsync(string session, Jid chat, IReadOnlyList<string> messageIds, CancellationToken ct) =>
        sessions.Find(session)?.MarkReadAsync(chat, messageIds, ct) ?? Task.CompletedTask;

    public async Task ShowTypingAsync(string session, Jid chat, bool isTyping, CancellationToken ct)
    {
        if (sessions.Find(session) is not { Status: SessionStatus.Working } live) return;
        try
        {
            await live.Client.Presence.TellChatAsync(chat, isTyping ? PresenceKind.Typing : PresenceKind.Paused, ct);
        }
        catch (NotOnlineException)
        {
            // It has gone this moment.
        }
    }
}
