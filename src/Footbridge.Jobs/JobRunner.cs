using Microsoft.Extensions.Logging;

namespace Footbridge.Jobs;

/// <summary>Runs one claimed job to its settled end: completed, failed, waiting again, handed back, or lost.</summary>
internal sealed class JobRunner(
    IJobStore store,
    IReadOnlyDictionary<string, JobHandler> handlers,
    JobHooks hooks,
    TimeProvider time,
    ILogger logger)
{
    private static readonly TimeSpan SettleAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>How long a claim holds without a renewal: for so long a result is worth keeping while the broker is away.</summary>
    public required TimeSpan Lease { get; init; }

    /// <summary>Runs and settles. The next job is taken in the same trip only after a success and when asked for.</summary>
    /// <remarks>Throws only when the store does.</remarks>
    public async Task<JobRunResult> RunAsync(JobRun run, Func<NextClaim?> next)
    {
        var began = time.GetTimestamp();
        JobMeter.Started(run.Job, time.GetUtcNow());
        var error = await InvokeAsync(run);
        if (run.IsLost)
        {
            logger.JobLost(run.Id, run.Queue);
            JobMeter.Ended(run.Job, "lost", time.GetElapsedTime(began));
            return JobRunResult.Settled;
        }

        if (error is not null) return await FailAsync(run, error, began);

        TellDone(run);
        // Settling must not be cut short by a stop: the work is done.
        var completion = await SettleAsync(run, () => store.CompleteAsync(run.Job.Ticket, next(), CancellationToken.None));
        if (!completion.Accepted) logger.JobLost(run.Id, run.Queue);
        JobMeter.Ended(run.Job, completion.Accepted ? "completed" : "lost", time.GetElapsedTime(began));
        return new JobRunResult(completion.Next, LaneFreed: false);
    }

    // The work is done; a broker that is away for a moment must not make it be done again.
    private async Task<T> SettleAsync<T>(JobRun run, Func<Task<T>> settle)
    {
        run.IsSettling = true;
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await settle();
            }
            catch (BrokerUnavailableException e) when (!run.IsLost && time.GetElapsedTime(began) < Lease)
            {
                logger.SettleDelayed(run.Id, e.Message);
                await Task.Delay(SettleAgainAfter, time, CancellationToken.None);
            }
        }
    }

    private async Task<Exception?> InvokeAsync(JobRun run)
    {
        if (!handlers.TryGetValue(run.Queue, out var handler))
        {
            return new PermanentJobException($"no handler is known for the queue '{run.Queue}'");
        }

        try
        {
            await handler(run, run.Canceled);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private async Task<JobRunResult> FailAsync(JobRun run, Exception error, long began)
    {
        if (run.IsHandedBack && error is OperationCanceledException) return await HandBackAsync(run, began);

        var failure = Describe(error);
        var isFinal = failure.NextDelay(run.Job.Policy, run.Attempt, run.Job.FirstStarted) is null;
        try
        {
            await TellAsync(run, error, isFinal);
        }
        catch (OperationCanceledException) when (run.IsHandedBack)
        {
            // A report cut off by a stop: the whole run is done again after the restart, and reported then.
            return await HandBackAsync(run, began);
        }
        catch (RetryAfterException e)
        {
            // Whoever has to hear of it is away. The job waits for that, too.
            failure = Describe(e);
        }

        var result = await SettleAsync(run, () => store.FailAsync(run.Job.Ticket, failure, CancellationToken.None));
        JobMeter.Ended(run.Job, Outcome(result, failure.Kind), time.GetElapsedTime(began));
        switch (result)
        {
            case JobFailureResult.Failed:
                logger.JobFailed(run.Id, run.Queue, run.Attempt, error.GetType().Name);
                break;
            case JobFailureResult.WillRetry:
                logger.JobWillRetry(run.Id, run.Queue, run.Attempt, error.GetType().Name);
                break;
            default:
                logger.JobLost(run.Id, run.Queue);
                break;
        }

        return JobRunResult.Settled;
    }

    private void TellDone(JobRun run)
    {
        try
        {
            hooks.Done?.Invoke(run);
        }
        catch (Exception e)
        {
            // The work is done all the same; whoever keeps the books finds out by asking the store.
            logger.DoneHandlerFailed(e, run.Id, run.Queue);
        }
    }

    private JobFailure Describe(Exception error)
    {
        var now = time.GetUtcNow();
        return error switch
        {
            RetryAfterException e => new(JobFailureKind.RetryAfter, e.Message, e.ToString(), now) { Delay = e.Delay },
            RetryInException e => new(JobFailureKind.Backoff, e.Message, e.ToString(), now) { OwnDelay = e.Delay },
            PermanentJobException e => new(JobFailureKind.Permanent, e.Message, e.ToString(), now),
            _ => new(JobFailureKind.Backoff, $"{error.GetType().Name}: {error.Message}", error.ToString(), now),
        };
    }

    private static string Outcome(JobFailureResult result, JobFailureKind kind) => result switch
    {
        JobFailureResult.Failed => "failed",
        JobFailureResult.Lost => "lost",
        _ => kind == JobFailureKind.RetryAfter ? "waiting" : "retried",
    };

    private async Task<JobRunResult> HandBackAsync(JobRun run, long began)
    {
        JobMeter.Ended(run.Job, "released", time.GetElapsedTime(began));
        if (await SettleAsync(run, () => store.ReleaseAsync(run.Job.Ticket, CancellationToken.None))) logger.JobHandedBack(run.Id, run.Queue);
        return JobRunResult.Settled;
    }

    private async Task TellAsync(JobRun run, Exception error, bool isFinal)
    {
        if (hooks.Failed is not { } failureHandler) return;
        try
        {
            await failureHandler(run, error, isFinal, run.Canceled);
        }
        catch (Exception e) when (e is not RetryAfterException && !(e is OperationCanceledException && run.IsHandedBack))
        {
            // The lane must go on; the trouble stays readable with the job.
            logger.FailureHandlerFailed(run.Id, run.Queue, e.GetType().Name);
            await store.LogAsync(run.Id, $"the failure handler failed: {e}", CancellationToken.None);
        }
    }
}

/// <summary>What a runner does after one job.</summary>
/// <param name="LaneFreed">The lanes changed in a way that the dispatcher has to look at.</param>
internal readonly record struct JobRunResult(ClaimedJob? Next, bool LaneFreed)
{
    public static JobRunResult Settled => new(null, LaneFreed: true);
}
