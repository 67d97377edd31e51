using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Connection;

/// <summary>Which of the server's edges the next connection is for, in the server's own words: kept with the credentials, sent before the next handshake.</summary>
/// <remarks>Source: docs/protocol/connection.md. What twice in a row does not lead to a login is forgotten.</remarks>
internal sealed class EdgeRouting(AccountContext context) : IStanzaHandler
{
    private const int Tries = 2;
    private int _failures;

    /// <summary>An <c>ib</c> with a child <c>edge_routing</c>, inside the loop.</summary>
    public async ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        if (stanza.Path("edge_routing", "routing_info")?.ContentBytes is not { } routing) return;
        var batch = new StoreBatch();
        Keep(routing, batch);
        await context.Commits.CommitAsync(batch, () => { }, ct);
    }

    /// <summary>A connection has ended, outside the loop.</summary>
    public async Task ConnectionEndedAsync(bool wasOnline)
    {
        _failures = wasOnline || context.Link.Credentials.RoutingInfo is [] ? 0 : _failures + 1;
        if (_failures < Tries) return;
        _failures = 0;
        await context.ChangeAsync((batch, _) =>
        {
            Keep([], batch);
            return ValueTask.CompletedTask;
        }, CancellationToken.None);
    }

    private void Keep(byte[] routing, StoreBatch batch)
    {
        var credentials = context.Link.Credentials with { RoutingInfo = routing };
        context.Link.Replace(credentials);
        credentials.Save(batch);
    }
}
