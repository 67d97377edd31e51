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
    /// <summary>Runs and settles. The next job is taken in the same trip only after a success and when asked for.</summary>
    /// <remarks>Throws only when the store does.</remarks>
    public async Task<JobRunResult> RunAsync(JobRun run, Func<NextClaim?> next)
    {
        var error = await InvokeAsync(run);
        if (run.IsLost)
        {
            logger.JobLost(run.Id, run.Queue);
            return JobRunResult.Settled;
        }

        if (error is not null) return await FailAsync(run, error);

        TellDone(run);
        // Settling must not be cut short by a stop: the work is done.
        var completion = await store.CompleteAsync(run.Job.Ticket, next(), CancellationToken.None);
        if (!completion.Accepted) logger.JobLost(run.Id, run.Queue);
        return new JobRunResult(completion.Next, LaneFreed: false);
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

    private async Task<JobRunResult> FailAsync(JobRun run, Exception error)
    {
        if (run.IsHandedBack && error is OperationCanceledException) return await HandBackAsync(run);

        var failure = Describe(error);
        var isFinal = failure.NextDelay(run.Job.Policy, run.Attempt, run.Job.FirstStarted) is null;
        // A report cut off by a stop: the whole run is done again after the restart, and reported then.
        if (!await TellAsync(run, error, isFinal)) return await HandBackAsync(run);
        var result = await store.FailAsync(run.Job.Ticket, failure, CancellationToken.None);
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
            PermanentJobException e => new(JobFailureKind.Permanent, e.Message, e.ToString(), now),
            _ => new(JobFailureKind.Backoff, $"{error.GetType().Name}: {error.Message}", error.ToString(), now),
        };
    }

    private async Task<JobRunResult> HandBackAsync(JobRun run)
    {
        if (await store.ReleaseAsync(run.Job.Ticket, CancellationToken.None)) logger.JobHandedBack(run.Id, run.Queue);
        return JobRunResult.Settled;
    }

    private async Task<bool> TellAsync(JobRun run, Exception error, bool isFinal)
    {
        if (hooks.Failed is not { } failureHandler) return true;
        try
        {
            await failureHandler(run, error, isFinal, run.Canceled);
        }
        catch (OperationCanceledException) when (run.IsHandedBack)
        {
            return false;
        }
        catch (Exception e)
        {
            // The lane must go on; the trouble stays readable with the job.
            logger.FailureHandlerFailed(run.Id, run.Queue, e.GetType().Name);
            await store.LogAsync(run.Id, $"the failure handler failed: {e}", CancellationToken.None);
        }

        return true;
    }
}

/// <summary>What a runner does after one job.</summary>
/// <param name="LaneFreed">The lanes changed in a way that the dispatcher has to look at.</param>
internal readonly record struct JobRunResult(ClaimedJob? Next, bool LaneFreed)
{
    public static JobRunResult Settled => new(null, LaneFreed: true);
}
