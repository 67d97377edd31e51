using Footbridge.Engine.Connection;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Messages;

/// <summary>Whether the account tells others that it has read; asked once a day. Source: docs/protocol/receipts.md.</summary>
internal sealed class ReadPrivacy(AccountContext context)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);
    private readonly Lock _gate = new();
    private (bool Tells, long At)? _known;

    /// <summary>Forgets what is known: the setting was changed.</summary>
    public void Forget()
    {
        lock (_gate) _known = null;
    }

    public async Task<bool> TellsOthersAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            if (_known is var (known, at) && context.Time.GetElapsedTime(at) < MaxAge) return known;
        }

        try
        {
            var answer = await context.Link.QueryAsync(Node.Of("iq", [("type", "get"), ("xmlns", "privacy"), ("to", Jid.Service)], Node.Of("privacy")), context.Options.QueryTimeout, ct);
            var setting = answer.Child("privacy")?.ChildrenOf("category").FirstOrDefault(category => category["name"] == "readreceipts");
            var tells = setting?["value"] != "none";
            lock (_gate) _known = (tells, context.Time.GetTimestamp());
            return tells;
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException)
        {
            // The setting is not known: what is not meant to be told must not be.
            context.Logger.LoginStepFailed("the question for the privacy of read receipts", e.Message);
            return false;
        }
    }
}
