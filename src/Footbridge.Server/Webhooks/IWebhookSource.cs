namespace Footbridge.Server.Webhooks;

/// <summary>Where a job finds its webhook as it is configured now: in this process, or over HTTP in that of the API.</summary>
internal interface IWebhookSource
{
    /// <summary>Null when it is no longer configured.</summary>
    ValueTask<Webhook?> FindAsync(string session, string id, CancellationToken ct);
}
