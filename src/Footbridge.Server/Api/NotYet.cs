using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api;

/// <summary>Operations of WAHA's contract that are not there yet: they answer 501 in WAHA's words. A line leaves when its operation arrives.</summary>
internal static class NotYet
{
    private const string Operations = """
        [Apps]
        POST /mcp
        [Groups]
        DELETE /api/{session}/groups/{id}
        """;

    /// <summary>The note that marks such a route.</summary>
    public const string Note = "not there yet";

    public static void Map(IEndpointRouteBuilder api)
    {
        var group = "";
        foreach (var line in Operations.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '[') group = line.Trim('[', ']');
            else if (line.Split(' ') is [var method, var path]) api.MapMethods(path, [method], Refuse).WithTags(group).WithSummary(Note);
        }
    }

    private static IResult Refuse() => throw new NotInThisEngineException();
}
