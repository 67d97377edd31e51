using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Observability;

internal static class GetVersion
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/server/version", Describe).WithTags("Observability");
        api.MapGet("/api/version", Describe).WithTags("Observability");
    }

    public static JsonObject Describe()
    {
        var info = EnvironmentInfo.Current;
        return new()
        {
            ["version"] = info.Version,
            ["engine"] = info.Engine,
            ["tier"] = info.Tier,
            ["browser"] = null,
            ["platform"] = info.Platform,
            ["worker"] = new JsonObject { ["id"] = info.Worker.Id },
            ["footbridge"] = typeof(GetVersion).Assembly.GetName().Version!.ToString(3),
        };
    }
}
