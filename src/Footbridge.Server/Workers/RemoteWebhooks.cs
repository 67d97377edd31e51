using System.Collections.Concurrent;
using Footbridge.Server.Webhooks;

namespace Footbridge.Server.Workers;

/// <summary>Webhooks as they are configured with the process that has the sessions, over HTTP.</summary>
internal sealed class RemoteWebhooks(WorkerClient api, TimeProvider time) : IWebhookSource
{
    /// <summary>How long an answer is used again: a busy receiver has many jobs, and the configuration changes seldom.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Session, string Id), (Webhook? Hook, long At)> _kept = new();

    public async ValueTask<Webhook?> FindAsync(string session, string id, CancellationToken ct)
    {
        if (_kept.TryGetValue((session, id), out var kept) && time.GetElapsedTime(kept.At) < Fresh) return kept.Hook;
        var hook = await api.AskAsync("webhook", [session, id], WorkerJson.Default.Webhook, ct);
        _kept[(session, id)] = (hook, time.GetTimestamp());
        return hook;
    }
}
