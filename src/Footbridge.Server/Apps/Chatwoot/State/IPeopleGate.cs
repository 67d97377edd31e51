using Footbridge.Protocol.Xml;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>What jobs ask of people on WhatsApp, through the session that knows them.</summary>
internal interface IPeopleGate
{
    /// <summary>The address behind a phone number, or null when it is not on WhatsApp.</summary>
    /// <exception cref="SessionNotWorkingException">The session is not linked and connected.</exception>
    Task<Jid?> FindAccountAsync(string session, string phoneDigits, CancellationToken ct);
}
