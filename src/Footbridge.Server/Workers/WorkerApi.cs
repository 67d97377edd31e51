using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Server.Config;
using Footbridge.Server.Security;

namespace Footbridge.Server.Workers;

/// <summary>The door for workers that run in processes of their own, with a key of its own. Without such a key it is not there.</summary>
internal static class WorkerApi
{
    public const string Path = "/internal/worker";
    public const string KeyHeader = "X-Worker-Key";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost(Path + "/{call}", HandleAsync).ExcludeFromDescription();
        WorkerFiles.Map(api);
    }

    private static async Task<IResult> HandleAsync(string call, HttpContext http, Settings settings, IServiceProvider services, CancellationToken ct)
    {
        if (settings.WorkerKey is not { } key) return Results.NotFound();
        if (!Secrets.AreSame(http.Request.Headers[KeyHeader].ToString(), key)) return Results.Unauthorized();
        try
        {
            if (await JsonNode.ParseAsync(http.Request.Body, cancellationToken: ct) is not JsonArray arguments) return Results.BadRequest();
            var answer = await services.GetRequiredService<WorkerCallTable>().RunAsync(call, arguments, ct);
            return Results.Text(answer?.ToJsonString() ?? "null", "application/json");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            return Results.BadRequest(e.Message);
        }
        catch (Exception e) when (WorkerErrors.Describe(e) is not null)
        {
            return Results.Text(WorkerErrors.Describe(e)!.ToJsonString(), "application/json", statusCode: StatusCodes.Status409Conflict);
        }
    }
}
