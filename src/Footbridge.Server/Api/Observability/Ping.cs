using System.Text.Json.Nodes;
using Footbridge.Jobs.Sqlite;

namespace Footbridge.Server.Api.Observability;

internal static class Ping
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/ping", () => new JsonObject { ["message"] = "pong" }).WithTags("Observability");
        api.MapGet("/health", Health).WithTags("Observability");
    }

    /// <summary>Proves that the database answers.</summary>
    private static JsonObject Health(SqliteDatabase database)
    {
        database.Read(connection => connection.QueryFirst("SELECT count(*) FROM sessions", row => row.GetInt64(0)));
        var up = new JsonObject { ["database"] = new JsonObject { ["status"] = "up" } };
        return new() { ["status"] = "ok", ["info"] = up, ["error"] = new JsonObject(), ["details"] = up.DeepClone() };
    }
}
