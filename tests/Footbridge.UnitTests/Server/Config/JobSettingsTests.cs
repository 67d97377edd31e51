using Footbridge.Jobs;
using Footbridge.Server.Config;

namespace Footbridge.UnitTests.Server.Config;

public sealed class JobSettingsTests
{
    [Fact]
    public void Without_any_variable_jobs_run_as_people_know_it()
    {
        var jobs = Settings.From(_ => null).Jobs;
        var options = jobs.WorkerOptions("data");
        Assert.Equal((50, 10, 3, TimeSpan.Zero), (options.Concurrency, options.BulkConcurrency, jobs.Attempts, jobs.Delay));
        Assert.Equal((TimeSpan.FromDays(3), 1000), (options.KeepCompletedFor, options.KeepCompletedCount));
        Assert.Equal((TimeSpan.FromDays(31), 1000), (options.KeepFailedFor, options.KeepFailedCount));
        Assert.Equal([1.0, 2, 4], Waits(jobs));
    }

    [Fact]
    public void Every_variable_has_its_effect()
    {
        var values = new Dictionary<string, string>
        {
            ["WAHA_APPS_JOBS_CONCURRENCY"] = "7",
            ["FOOTBRIDGE_JOBS_BULK_CONCURRENCY"] = "2",
            ["WAHA_APPS_JOBS_ATTEMPTS"] = "9",
            ["WAHA_APPS_JOBS_DELAY"] = "250",
            ["WAHA_APPS_JOBS_BACKOFF_TYPE"] = "fixed",
            ["WAHA_APPS_JOBS_BACKOFF_DELAY"] = "3000",
            ["WAHA_APPS_JOBS_REMOVE_ON_COMPLETE_AGE"] = "60",
            ["WAHA_APPS_JOBS_REMOVE_ON_COMPLETE_COUNT"] = "5",
            ["WAHA_APPS_JOBS_REMOVE_ON_FAIL_AGE"] = "120",
            ["WAHA_APPS_JOBS_REMOVE_ON_FAIL_COUNT"] = "6",
        };
        var jobs = Settings.From(values.GetValueOrDefault).Jobs;
        var options = jobs.WorkerOptions("data");
        Assert.Equal((7, 2, 9, 250), (options.Concurrency, options.BulkConcurrency, jobs.Attempts, jobs.Delay.TotalMilliseconds));
        Assert.Equal((60, 5, 120, 6), (options.KeepCompletedFor.TotalSeconds, options.KeepCompletedCount, options.KeepFailedFor.TotalSeconds, options.KeepFailedCount));
        Assert.Equal([3.0, 3, 3], Waits(jobs));
    }

    [Theory]
    [InlineData("WAHA_APPS_JOBS_BACKOFF_TYPE", "sometimes")]
    [InlineData("WAHA_APPS_JOBS_CONCURRENCY", "0")]
    [InlineData("WAHA_APPS_JOBS_ATTEMPTS", "-1")]
    [InlineData("WAHA_APPS_JOBS_BACKOFF_DELAY", "soon")]
    public void A_value_without_sense_is_refused(string name, string value) =>
        Assert.Throws<SettingException>(() => Settings.From(asked => asked == name ? value : null));

    private static IEnumerable<double> Waits(JobSettings jobs)
    {
        var policy = jobs.Retried(TimeSpan.FromHours(1)) with { Attempts = 10 };
        var failure = new JobFailure(JobFailureKind.Backoff, "broken", null, DateTimeOffset.UnixEpoch);
        return new[] { 1, 2, 3 }.Select(attempt => failure.NextDelay(policy, attempt, DateTimeOffset.UnixEpoch)!.Value.TotalSeconds);
    }
}
