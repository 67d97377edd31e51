using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Storage;
using Footbridge.Server.Webhooks;
using Footbridge.Server.Workers.Calls;

namespace Footbridge.Server.Workers;

/// <summary>Both sides of what jobs know of the rest of the product, when they run in a process of their own.</summary>
internal static class WorkerRegistration
{
    /// <summary>The process with the database and the sessions: what workers may ask of it.</summary>
    public static void AddWorkerCalls(this IServiceCollection services) => services.AddSingleton<WorkerCallTable>()
        .AddSingleton<IWorkerCallSet, StateCalls>().AddSingleton<IWorkerCallSet, SessionCalls>().AddSingleton<IWorkerCallSet, MessageCalls>().AddSingleton<IWorkerCallSet, PeopleCalls>().AddSingleton<IWorkerCallSet, ServerCalls>().AddSingleton<IWorkerCallSet, PullCalls>();

    /// <summary>The worker: everything is with the other process.</summary>
    public static void AddRemoteState(this IServiceCollection services)
    {
        services.AddSingleton<WorkerClient>().AddSingleton<RemoteState>().AddSingleton<IWebhookSource, RemoteWebhooks>();
        services.AddSingleton<ISessionGate, RemoteSessionGate>().AddSingleton<IMessageGate, RemoteMessageGate>().AddSingleton<IPeopleGate, RemotePeopleGate>().AddSingleton<IMediaGate, RemoteMediaGate>().AddSingleton<IServerGate, RemoteServerGate>();
        services.AddSingleton<RemotePulls>().AddSingleton<IPullState>(all => all.GetRequiredService<RemotePulls>()).AddSingleton<IHistoryGate>(all => all.GetRequiredService<RemotePulls>());
        services.AddSingleton<IAppSource>(all => all.GetRequiredService<RemoteState>()).AddSingleton<IChatPlaces>(all => all.GetRequiredService<RemoteState>())
            .AddSingleton<IJobState>(all => all.GetRequiredService<RemoteState>()).AddSingleton<IBookKeeper>(all => all.GetRequiredService<RemoteState>());
    }
}
