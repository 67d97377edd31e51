using System.Diagnostics;
using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Observability;

internal static class GetStatus
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/api/server/status", Describe).WithTags("Observability");

    public static JsonObject Describe(TimeProvider time)
    {
        var started = Process.GetCurrentProcess().StartTime.ToUniversalTime();
        return new()
        {
            ["startTimestamp"] = new DateTimeOffset(started).ToUnixTimeMilliseconds(),
            ["uptime"] = (long)(time.GetUtcNow() - started).TotalMilliseconds,
            ["worker"] = new JsonObject { ["id"] = EnvironmentInfo.WorkerId },
        };
    }
}
