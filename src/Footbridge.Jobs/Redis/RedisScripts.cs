namespace Footbridge.Jobs.Redis;

/// <summary>The scripts, by what they do. Each is one atomic operation.</summary>
internal static class RedisScripts
{
    public static readonly RedisScript Open = RedisScript.Load("open");
    public static readonly RedisScript Enqueue = RedisScript.Load("enqueue");
    public static readonly RedisScript Claim = RedisScript.Load("claim");
    public static readonly RedisScript Complete = RedisScript.Load("complete");
    public static readonly RedisScript Facts = RedisScript.Load("facts");
    public static readonly RedisScript Fail = RedisScript.Load("fail");
    public static readonly RedisScript Release = RedisScript.Load("release");
    public static readonly RedisScript TakeBack = RedisScript.Load("take_back");
    public static readonly RedisScript Renew = RedisScript.Load("renew");
    public static readonly RedisScript Progress = RedisScript.Load("progress");
    public static readonly RedisScript Log = RedisScript.Load("log");
    public static readonly RedisScript Due = RedisScript.Load("due");
    public static readonly RedisScript Promote = RedisScript.Load("promote");
    public static readonly RedisScript Retry = RedisScript.Load("retry");
    public static readonly RedisScript Skip = RedisScript.Load("skip");
    public static readonly RedisScript Drop = RedisScript.Load("drop");
    public static readonly RedisScript Remove = RedisScript.Load("remove");
    public static readonly RedisScript Pause = RedisScript.Load("pause");
    public static readonly RedisScript Clean = RedisScript.Load("clean");
    public static readonly RedisScript Standing = RedisScript.Load("standing");
    public static readonly RedisScript Sound = RedisScript.Load("sound");
    public static readonly RedisScript MendJobs = RedisScript.Load("mend_jobs");
    public static readonly RedisScript MendSpots = RedisScript.Load("mend_spots");
    public static readonly RedisScript MendLanes = RedisScript.Load("mend_lanes");
    public static readonly RedisScript ScheduleSet = RedisScript.Load("schedule_set");
    public static readonly RedisScript ScheduleRemove = RedisScript.Load("schedule_remove");
    public static readonly RedisScript ScheduleFire = RedisScript.Load("schedule_fire");
    public static readonly RedisScript Schedules = RedisScript.Load("schedules");
    public static readonly RedisScript BoardQueues = RedisScript.Load("board_queues");
    public static readonly RedisScript BoardJobs = RedisScript.Load("board_jobs");
    public static readonly RedisScript BoardJob = RedisScript.Load("board_job");
    public static readonly RedisScript BoardLane = RedisScript.Load("board_lane");
    public static readonly RedisScript BoardBlocked = RedisScript.Load("board_blocked");
    public static readonly RedisScript BoardRates = RedisScript.Load("board_rates");

    public static IReadOnlyList<RedisScript> All { get; } =
    [
        Open, Enqueue, Claim, Complete, Facts, Fail, Release, TakeBack, Renew, Progress, Log, Due, Promote,
        Retry, Skip, Drop, Remove, Pause, Clean, Standing, Sound, MendJobs, MendSpots, MendLanes,
        ScheduleSet, ScheduleRemove, ScheduleFire, Schedules, BoardQueues, BoardJobs, BoardJob, BoardLane, BoardBlocked, BoardRates,
    ];
}
