using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Config;
using Footbridge.Server.Storage;
using Footbridge.Server.Webhooks;

namespace Footbridge.Server.Workers;

/// <summary>Runs jobs in this process, whatever else it does.</summary>
internal sealed class JobRunning : IAsyncDisposable
{
    private static readonly TimeSpan ApiWait = TimeSpan.FromSeconds(1);
    private readonly JobWorker _worker;
    private readonly JobScheduler _scheduler;

    public JobRunning(IServiceProvider services, Settings settings, TimeProvider time)
    {
        var (store, queue) = (services.GetRequiredService<IJobStore>(), services.GetRequiredService<JobQueue>());
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger<JobWorker>();
        _worker = new(store, queue, Handlers(services), Hooks(services), settings.Jobs.WorkerOptions(settings.Roles == Roles.Worker ? null : settings.DataFolder), time, logger);
        _scheduler = new(store, queue, time, logger);
    }

    private static Dictionary<string, JobHandler> Handlers(IServiceProvider services) =>
        new(ChatwootRegistration.Handlers(services).Concat(WebhookRegistration.Handlers(services)), StringComparer.Ordinal);

    public void Start()
    {
        _worker.Start();
        _scheduler.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _scheduler.DisposeAsync();
        await _worker.DisposeAsync();
    }

    /// <summary>The ledger hears of every run's end; a failure is reported in Chatwoot before it is written down as the end.</summary>
    private static JobHooks Hooks(IServiceProvider services)
    {
        var (settlements, notes) = (services.GetRequiredService<Settlements>(), services.GetRequiredService<ErrorNotes>());
        return new()
        {
            Done = settlements.Done,
            Failed = async (job, error, isFinal, ct) =>
            {
                settlements.TryFailed(job, error, isFinal);
                try
                {
                    await notes.HandleAsync(job, error, isFinal, ct);
                }
                catch (ApiAwayException e)
                {
                    throw new RetryAfterException(ApiWait, e.Message, e);
                }

                if (isFinal) settlements.Failed(job, error);
            },
        };
    }
}
