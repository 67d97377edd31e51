using Footbridge.Jobs;
using Footbridge.Server.Sessions;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Webhooks;

/// <summary>The webhooks' parts, wired together.</summary>
internal static class WebhookRegistration
{
    /// <summary>The side that has the sessions: which events go to whom.</summary>
    public static void AddWebhooks(this IServiceCollection services) => services
        .AddSingleton<WebhookRegistry>().AddSingleton<IWebhookSource>(all => all.GetRequiredService<WebhookRegistry>()).AddSingleton<IEventConsumer, WebhookDeliveries>();

    /// <summary>What runs the jobs, in whichever process.</summary>
    public static void AddWebhookJobs(this IServiceCollection services) =>
        services.AddSingleton<WebhookHttp>().AddSingleton<WebhookSender>().AddSingleton<ReceiverSlots>().AddSingleton<WebhookJob>();

    public static IEnumerable<KeyValuePair<string, JobHandler>> Handlers(IServiceProvider services) =>
        [KeyValuePair.Create(WebhookJob.Queue, Traces.Around(services.GetRequiredService<WebhookJob>().RunAsync))];
}
