using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Footbridge.Server.Api;

/// <summary>docs/compatibility.md, made from the routes that are mapped and from what the interop tests have proven.</summary>
internal static class CompatibilityPage
{
    private const string Head = """
        # Compatibility

        Footbridge serves WAHA's HTTP API as it stands in WAHA's contract of version 2026.7.1: the same paths, fields, status codes and
        error bodies. The note says where one goes less far. A client that finds its calls here needs no change.

        This page is made by `dotnet run --project src/Footbridge.Server -- compatibility`; a test holds it to the code.

        | method | path | group | status |
        |---|---|---|---|

        """;

    private const string Foot = """

        Every operation of the contract has a row. One that is not there yet answers 501 in WAHA's words.

        ## Where the answers differ on purpose

        - `POST /api/sessions` without `start` starts the session, as WAHA's documentation says.
        - `GET /api/sessions/{session}/me` answers `null`, not 404, for a session that is stopped.
        - A second app of the same type, a duplicate app id, and a Chatwoot that refuses the settings are 422, not 500.
        - What WhatsApp itself refuses has the status that its reason means (400, 403, 404, 409, 429 with `Retry-After`, 503, 504), not 500: docs/protocol/errors.md.
        - A 500 has no `stack` and does not repeat the request: both hold tokens and messages.
        - `engine` is reported as `NOWEB`, because clients know only WAHA's names. `footbridge` in `/api/server/version` is the product's own version.
        - A session cannot be named like a route (`sessions`, `apps`, `server`, …): 400.
        - There is no session `default` until somebody creates one; a call without `session` means it.
        - Creating or changing an app does not restart its session.

        ## Other WhatsApp clients

        Our engine and unpatched clients from npm talk to each other through the simulator, encrypted end to end. "yes" stands for a test that passed
        (`tests/Footbridge.SystemTests/Interop`): a test that no longer proves what stands here fails. Each client has two columns: it reads what we send,
        and we read what it sends.


        """;

    public static string Render(IEnumerable<Endpoint> endpoints)
    {
        var page = new StringBuilder(Head);
        foreach (var (path, method, endpoint) in Rows(endpoints))
        {
            var group = endpoint.Metadata.GetMetadata<ITagsMetadata>()?.Tags.FirstOrDefault() ?? "not in the contract";
            var note = endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary;
            page.Append(CultureInfo.InvariantCulture, $"| {method} | `{path}` | {group} | {(note is null ? "there" : note == NotYet.Note ? "501, not there yet" : $"there: {note}")} |\n");
        }

        return page.Append(Foot).Append(InteropTable.Load().Render()).ToString();
    }

    private static IEnumerable<(string Path, string Method, RouteEndpoint Endpoint)> Rows(IEnumerable<Endpoint> endpoints) =>
        from endpoint in endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        let path = endpoint.RoutePattern.RawText!
        orderby path, method
        select (path, method, endpoint);
}
