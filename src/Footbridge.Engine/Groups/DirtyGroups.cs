using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Groups;

/// <summary>The server says that groups have changed while the account was away: asks for all of them again. Inside the loop.</summary>
internal sealed class DirtyGroups(GroupsFeature groups, AccountContext context) : IStanzaHandler
{
    public ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        _ = RefreshAsync(stanza.Child("dirty")?["timestamp"], ct);
        return ValueTask.CompletedTask;
    }

    private async Task RefreshAsync(string? timestamp, CancellationToken ct)
    {
        try
        {
            await groups.ListAsync(ct);
            await context.Link.QueryAsync(GroupStanzas.Clean("groups", timestamp), context.Options.QueryTimeout, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            context.Logger.LoginStepFailed("the refresh of the groups", e.Message);
        }
    }
}
