using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot;

namespace Footbridge.Server.Dashboard.Jobs;

/// <summary>Keeps each failed try in the job's own log: the broker itself remembers only the last one.</summary>
/// <remarks>Waiting for a service that is away is no try and leaves no line; it can go on for days, several times a minute.</remarks>
internal static class AttemptLog
{
    public static JobFailureHandler Before(JobFailureHandler next) => async (job, error, isFinal, ct) =>
    {
        if (error is not RetryAfterException || isFinal) await job.LogAsync($"attempt {job.Attempt} of {job.AttemptsAllowed} failed: {ErrorText.Short(error)}", ct);
        await next(job, error, isFinal, ct);
    };
}
