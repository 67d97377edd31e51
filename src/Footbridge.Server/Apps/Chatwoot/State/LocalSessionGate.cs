using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Api.Chatting;
using Footbridge.Server.Api.Pairing;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>The sessions of this process.</summary>
internal sealed class LocalSessionGate(SessionRegistry sessions, PhoneLinks links, Settings settings) : ISessionGate
{
    public ValueTask<SessionView?> FindAsync(string session, CancellationToken ct) =>
        new(sessions.Find(session) is { } live ? new SessionView(live.Status, live.Me, live.Detail, live.Qr) : null);

    public async Task<bool> WaitAsync(string session, string status, TimeSpan patience, CancellationToken ct) =>
        sessions.Find(session) is { } live && await live.WaitAsync(now => now == status, patience, ct);

    public Task RestartAsync(string session, CancellationToken ct) => sessions.RestartAsync(session, ct);

    public Task StopAsync(string session, CancellationToken ct) => sessions.StopAsync(session, ct);

    public Task LogoutAsync(string session, CancellationToken ct) => sessions.LogoutAsync(session, ct);

    public async Task<LinkAddress?> LinkAsync(string session, CancellationToken ct)
    {
        if (sessions.Find(session)?.Status == SessionStatus.Working) return null;
        var (token, link) = await links.IssueAsync(session, ct);
        return new(PhoneLinkPage.UrlOf(token, settings), link.Expires);
    }
}
