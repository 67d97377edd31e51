using System.Text.Json.Nodes;

namespace Footbridge.Server.Api.Observability;

internal static class Ping
{
    /// <summary>What this server says, and hardly another at the same address.</summary>
    public const string Answer = "pong";

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/ping", () => new JsonObject { ["message"] = Answer }).WithTags("Observability").WithSummary("open, without a key");
}
