using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>A session as a job sees it.</summary>
/// <param name="Detail">Why it failed, or what the last connection attempt said.</param>
/// <param name="Qr">The text of the QR code to scan now, or null.</param>
internal sealed record SessionView(string Status, MeInfo? Me, string? Detail, string? Qr);

/// <summary>Where the person who holds the phone links it.</summary>
internal sealed record LinkAddress(string Url, DateTimeOffset Expires);

/// <summary>The state of sessions, and what starts and stops them, wherever they live.</summary>
internal interface ISessionGate
{
    /// <summary>Null when the session is not running.</summary>
    ValueTask<SessionView?> FindAsync(string session, CancellationToken ct);

    /// <summary>Waits until a session has a status; false when it did not come to have it in time, or is not running.</summary>
    Task<bool> WaitAsync(string session, string status, TimeSpan patience, CancellationToken ct);

    Task RestartAsync(string session, CancellationToken ct);

    Task StopAsync(string session, CancellationToken ct);

    Task LogoutAsync(string session, CancellationToken ct);

    /// <summary>Makes an address at which the phone is linked without a login, once, and starts the session; null when a phone is linked already.</summary>
    Task<LinkAddress?> LinkAsync(string session, CancellationToken ct);
}
