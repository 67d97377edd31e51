using System.Text.Json.Nodes;

namespace Footbridge.Server.Api.Observability;

internal static class Ping
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/ping", () => new JsonObject { ["message"] = "pong" }).WithTags("Observability").WithSummary("open, without a key");
}
