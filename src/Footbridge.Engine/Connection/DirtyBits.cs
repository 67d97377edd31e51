using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Connection;

/// <summary>What the server says has changed while this device was away: each kind is fetched anew, and then the server is told that it is clean.</summary>
/// <remarks>Source: docs/protocol/connection.md. A refresh that fails leaves the bit set, so that the server tells of it again at the next login.</remarks>
internal sealed class DirtyBits(ILink link, WaClientOptions options, ILogger logger) : IStanzaHandler
{
    private readonly Dictionary<string, List<Func<CancellationToken, Task>>> _refreshes = new(StringComparer.Ordinal);

    /// <summary>Registers what to fetch for a type, such as <c>groups</c>; it runs outside the loop. Several features may share a type.</summary>
    public void On(string type, Func<CancellationToken, Task> refresh)
    {
        if (!_refreshes.TryGetValue(type, out var refreshes)) _refreshes[type] = refreshes = [];
        refreshes.Add(refresh);
    }

    /// <summary>An <c>ib</c> with a child <c>dirty</c>, inside the loop.</summary>
    public ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        foreach (var dirty in stanza.ChildrenOf("dirty"))
        {
            var type = dirty.Required("type");
            if (_refreshes.TryGetValue(type, out var refreshes)) _ = RefreshAsync(type, dirty["timestamp"], refreshes, ct);
            else logger.DirtyUnknown(type);
        }

        return ValueTask.CompletedTask;
    }

    private async Task RefreshAsync(string type, string? timestamp, List<Func<CancellationToken, Task>> refreshes, CancellationToken ct)
    {
        try
        {
            foreach (var refresh in refreshes) await refresh(ct);
            await link.QueryAsync(Clean(type, timestamp), options.QueryTimeout, ct);
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException or NotOnlineException or OperationCanceledException)
        {
            logger.LoginStepFailed($"the refresh of dirty '{type}'", e.Message);
        }
        catch (Exception e)
        {
            logger.StanzaFailed(e, "ib");
        }
    }

    private static Node Clean(string type, string? timestamp) =>
        Iq.Set("urn:xmpp:whatsapp:dirty", Node.Of("clean", [("type", type), ("timestamp", timestamp)]));
}
