using Microsoft.Extensions.Logging;

namespace Footbridge.Jobs;

/// <summary>The worker's log lines. A handler's own error goes to the job (board, API), not here: it may quote a number or a text.</summary>
internal static partial class JobLog
{
    [LoggerMessage(LogLevel.Debug, "Job {JobId} of {Queue} failed at try {Attempt} with {ErrorType} and waits")]
    public static partial void JobWillRetry(this ILogger logger, string jobId, string queue, int attempt, string errorType);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} of {Queue} failed for good at try {Attempt} with {ErrorType}")]
    public static partial void JobFailed(this ILogger logger, string jobId, string queue, int attempt, string errorType);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} of {Queue} lost its lease; the result of this run is discarded")]
    public static partial void JobLost(this ILogger logger, string jobId, string queue);

    [LoggerMessage(LogLevel.Information, "Job {JobId} of {Queue} was handed back unfinished")]
    public static partial void JobHandedBack(this ILogger logger, string jobId, string queue);

    [LoggerMessage(LogLevel.Error, "The handler told of finished jobs failed for job {JobId} of {Queue}")]
    public static partial void DoneHandlerFailed(this ILogger logger, Exception error, string jobId, string queue);

    [LoggerMessage(LogLevel.Error, "The schedules could not be looked at; trying again in {Seconds} s")]
    public static partial void SchedulesFailed(this ILogger logger, Exception error, double seconds);

    [LoggerMessage(LogLevel.Error, "The schedule {ScheduleId} holds an expression or a time zone that cannot be read: {Reason}")]
    public static partial void ScheduleUnreadable(this ILogger logger, string scheduleId, string reason);

    [LoggerMessage(LogLevel.Error, "The failure handler itself failed for job {JobId} of {Queue} with {ErrorType}; details are in the job's log")]
    public static partial void FailureHandlerFailed(this ILogger logger, string jobId, string queue, string errorType);

    [LoggerMessage(LogLevel.Error, "The result of job {JobId} could not be stored; it runs again when its lease ends")]
    public static partial void SettleFailed(this ILogger logger, Exception error, string jobId);

    [LoggerMessage(LogLevel.Warning, "The result of job {JobId} waits for the broker: {Reason}")]
    public static partial void SettleDelayed(this ILogger logger, string jobId, string reason);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} of {Queue} could not be handed back; it runs again when its lease ends")]
    public static partial void HandBackFailed(this ILogger logger, Exception error, string jobId, string queue);

    [LoggerMessage(LogLevel.Error, "Jobs could not be claimed; trying again in {Seconds} s")]
    public static partial void ClaimFailed(this ILogger logger, Exception error, double seconds);

    [LoggerMessage(LogLevel.Error, "Leases could not be renewed")]
    public static partial void RenewFailed(this ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Error, "Housekeeping of the jobs failed; it is tried again later")]
    public static partial void HousekeepingFailed(this ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Warning, "{Lanes} lanes were repaired")]
    public static partial void LanesRepaired(this ILogger logger, int lanes);
}
