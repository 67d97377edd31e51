using System.Text.Json.Nodes;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;
using Footbridge.Server.Config;
using Footbridge.Server.Workers;

namespace Footbridge.Server.Api.Observability;

/// <summary>Whether this process can do its work: the database answers, and its folder has room. Sessions' states are no part of it.</summary>
internal static class GetHealth
{
    private static readonly TimeSpan RedisPatience = TimeSpan.FromSeconds(2);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/health", HandleAsync).WithTags("Observability").WithSummary("`database`, `sessionsFiles.space` and, with REDIS_URL, `redis`; of each app what the doctor found broken");

    internal static (int Status, JsonObject Body) Report(params (string Name, JsonObject Indicator)[] all)
    {
        var (info, error, details) = (new JsonObject(), new JsonObject(), new JsonObject());
        foreach (var (name, indicator) in all)
        {
            (indicator["status"]!.ToString() == "up" ? info : error)[name] = indicator;
            details[name] = indicator.DeepClone();
        }

        var isWell = error.Count == 0;
        return (isWell ? 200 : 503, new() { ["status"] = isWell ? "ok" : "error", ["info"] = info, ["error"] = error, ["details"] = details });
    }

    internal static JsonObject Space(string path, string disk, long freeBytes, long thresholdBytes) => new()
    {
        ["status"] = freeBytes >= thresholdBytes ? "up" : "down",
        ["path"] = path,
        ["diskPath"] = disk,
        ["free"] = freeBytes,
        ["threshold"] = thresholdBytes,
    };

    private static async Task<IResult> HandleAsync(SqliteDatabase database, Settings settings, Broker broker, DriftWatch drift, CancellationToken ct)
    {
        var drive = new DriveInfo(Path.GetFullPath(settings.DataFolder));
        List<(string, JsonObject)> all = [("database", Database(database)), ("sessionsFiles.space", Space(settings.DataFolder, drive.Name, drive.AvailableFreeSpace, settings.MinFreeBytes))];
        if (await broker.IsReachableAsync(RedisPatience, ct) is { } isReachable) all.Add(("redis", Redis(isReachable)));
        all.AddRange(drift.Last.Select(report => ($"chatwoot.{report.Session}", Connection(report))));
        var (status, body) = Report([.. all]);
        return Results.Json(body, statusCode: status);
    }

    /// <summary>What the doctor's last round found. It is told here and does not count: a process that is started again mends no inbox.</summary>
    private static JsonObject Connection(DoctorReport report) => new()
    {
        ["status"] = "up",
        ["checkedAt"] = report.At.ToUnixTimeMilliseconds(),
        ["broken"] = new JsonArray([.. report.Checks.Where(check => check.State == CheckState.Failed).Select(check => (JsonNode)check.Name)]),
    };

    private static JsonObject Redis(bool isReachable) => isReachable
        ? new() { ["status"] = "up" }
        : new() { ["status"] = "down", ["message"] = "Redis cannot be reached; messages are kept and carried on when it is back" };

    private static JsonObject Database(SqliteDatabase database)
    {
        try
        {
            database.Read(connection => connection.QueryFirst("SELECT count(*) FROM sessions", row => row.GetInt64(0)));
            return new() { ["status"] = "up" };
        }
        catch (Exception e)
        {
            // Whatever it is, this answer is where it has to be said.
            return new() { ["status"] = "down", ["message"] = e.Message };
        }
    }
}
