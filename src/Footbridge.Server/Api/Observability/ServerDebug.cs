using Footbridge.Server.Config;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Observability;

/// <summary>WAHA's profiles of its Node.js process and its browsers. There is nothing of the kind here: the routes answer as they do where they are off, or have no engine.</summary>
internal static class ServerDebug
{
    private const string Disabled = "WAHA_DEBUG_MODE is disabled";
    private const string Note = "404 without `WAHA_DEBUG_MODE`, and 501 with it: use `dotnet-trace` and `dotnet-gcdump`";

    public static void Map(IEndpointRouteBuilder api)
    {
        foreach (var path in new[] { "cpu", "heapsnapshot", "browser/trace/{session}" })
        {
            api.MapGet("/api/server/debug/" + path, (Settings settings) => Refuse(settings)).WithTags("Observability").WithSummary(Note);
        }
    }

    private static IResult Refuse(Settings settings) => throw (settings.IsDebugMode ? new NotInThisEngineException() : new NotFoundException(Disabled));
}
