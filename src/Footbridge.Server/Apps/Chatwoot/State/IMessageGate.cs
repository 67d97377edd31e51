using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>What jobs send through a session, wherever it lives.</summary>
internal interface IMessageGate
{
    /// <summary>Sends through a working session; WhatsApp's server has it when the task completes.</summary>
    /// <exception cref="SessionNotWorkingException">The session is not linked and connected.</exception>
    /// <exception cref="SendFailedException">WhatsApp refused it.</exception>
    /// <exception cref="SendFileException">Its file cannot be had, or is too large.</exception>
    Task SendAsync(string session, SendCall call, CancellationToken ct);

    /// <summary>Does nothing when the session is not running.</summary>
    Task MarkReadAsync(string session, Jid chat, IReadOnlyList<string> messageIds, CancellationToken ct);

    /// <summary>Shows a chat that somebody writes, or has stopped; does nothing when the session is not connected, for later it is worth nothing.</summary>
    Task ShowTypingAsync(string session, Jid chat, bool isTyping, CancellationToken ct);
}
