using Footbridge.Server.Config;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Webhooks;

/// <summary>The webhooks of each session: its own, and the one that the environment sets for all.</summary>
internal sealed class WebhookRegistry(SessionProfiles profiles, Settings settings) : IWebhookSource
{
    private readonly Webhook[] _global = settings.Webhooks.Global is { } hook ? [hook] : [];

    public IEnumerable<Webhook> Of(string session) => profiles.Of(session).Webhooks.Concat(_global);

    public ValueTask<Webhook?> FindAsync(string session, string id, CancellationToken ct) => new(Of(session).FirstOrDefault(hook => hook.Id == id));
}
