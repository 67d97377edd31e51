using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>A session as a job sees it.</summary>
/// <param name="Detail">Why it failed, or what the last connection attempt said.</param>
/// <param name="Qr">The text of the QR code to scan now, or null.</param>
internal sealed record SessionView(string Status, MeInfo? Me, string? Detail, string? Qr);

/// <summary>What jobs ask of sessions, wherever those live.</summary>
internal interface ISessionGate
{
    /// <summary>Null when the session is not running.</summary>
    ValueTask<SessionView?> FindAsync(string session, CancellationToken ct);

    /// <summary>Waits until a session has a status; false when it did not come to have it in time, or is not running.</summary>
    Task<bool> WaitAsync(string session, string status, TimeSpan patience, CancellationToken ct);

    /// <summary>Sends a text through a working session; WhatsApp's server has it when the task completes.</summary>
    /// <exception cref="SessionNotWorkingException">The session is not linked and connected.</exception>
    /// <exception cref="SendFailedException">WhatsApp refused it.</exception>
    Task SendTextAsync(string session, OutgoingText text, CancellationToken ct);

    /// <summary>Does nothing when the session is not running.</summary>
    Task MarkReadAsync(string session, Jid chat, IReadOnlyList<string> messageIds, CancellationToken ct);

    /// <summary>The address behind a phone number, or null when it is not on WhatsApp.</summary>
    /// <exception cref="SessionNotWorkingException">The session is not linked and connected.</exception>
    Task<Jid?> FindAccountAsync(string session, string phoneDigits, CancellationToken ct);

    Task RestartAsync(string session, CancellationToken ct);

    Task StopAsync(string session, CancellationToken ct);

    Task LogoutAsync(string session, CancellationToken ct);
}
