using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Api.Chatting;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>Asks the sessions of this process.</summary>
internal sealed class LocalPeopleGate(SessionRegistry sessions) : IPeopleGate
{
    public async Task<Jid?> FindAccountAsync(string session, string phoneDigits, CancellationToken ct)
    {
        var live = await sessions.WaitWorkingAsync(session, ct);
        return (await live.FindAccountAsync(phoneDigits, ct))?.Address;
    }
}
