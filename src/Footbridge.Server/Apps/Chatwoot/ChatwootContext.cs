using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>An enabled app with its settings, its Chatwoot, and what it says there.</summary>
internal sealed record ChatwootContext(AppRecord App, ChatwootConfig Config, ChatwootClient Client, Words Words);

/// <summary>The app of a job was deleted or disabled: the job fails without a note.</summary>
internal sealed class AppGoneException(string app) : PermanentJobException($"app {app} was deleted or disabled");

/// <summary>Opens apps for jobs.</summary>
internal sealed class ChatwootApps(IAppSource apps, ChatwootClients clients, Locales locales)
{
    /// <exception cref="AppGoneException">It is not there or disabled.</exception>
    /// <param name="priority">That of the job whose requests these are.</param>
    public async ValueTask<ChatwootContext> OpenAsync(string id, JobClass priority, CancellationToken ct)
    {
        if (await apps.FindAsync(id, ct) is not { Enabled: true } app) throw new AppGoneException(id);
        var config = ChatwootConfig.Read(app.Config);
        return new(app, config, clients.For(config, priority), locales.Open(config));
    }
}
