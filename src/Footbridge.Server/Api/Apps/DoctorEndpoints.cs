using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Api.Apps;

/// <summary>The doctor: GET looks, POST puts right as well what can be.</summary>
internal static class DoctorEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/apps/{id}/doctor", LookAsync).WithTags("Apps").WithSummary("every check with its repair");
        api.MapPost("/api/apps/{id}/doctor", FixAsync).WithTags("Apps").WithSummary("the same, and puts right what can be");
    }

    private static Task<JsonObject> LookAsync(string id, IDoctorGate doctor, CancellationToken ct) => doctor.ExamineAsync(id, fixes: false, ct);

    private static Task<JsonObject> FixAsync(string id, IDoctorGate doctor, CancellationToken ct) => doctor.ExamineAsync(id, fixes: true, ct);
}
