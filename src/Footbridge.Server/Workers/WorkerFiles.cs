using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Config;
using Footbridge.Server.Media;
using Footbridge.Server.Security;

namespace Footbridge.Server.Workers;

/// <summary>Files of messages for workers: the counterpart of <see cref="RemoteMediaGate"/>, beside the other calls because files are streamed.</summary>
internal static class WorkerFiles
{
    /// <summary>What the sender calls the file, percent-encoded; empty when it has no name.</summary>
    public const string NameHeader = "X-File-Name";

    public static string PathOf(string session, string name) => $"{WorkerApi.Path}/files/{Uri.EscapeDataString(session)}/{Uri.EscapeDataString(name)}";

    public static void Map(IEndpointRouteBuilder api) => api.MapGet(WorkerApi.Path + "/files/{session}/{file}", HandleAsync).ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(string session, string file, HttpContext http, Settings settings, IMediaGate files, CancellationToken ct)
    {
        if (settings.WorkerKey is not { } key) return Results.NotFound();
        if (!Secrets.AreSame(http.Request.Headers[WorkerApi.KeyHeader].ToString(), key)) return Results.Unauthorized();
        try
        {
            var found = await files.GetAsync(session, file, ct);
            http.Response.Headers[NameHeader] = Uri.EscapeDataString(found.Name);
            return Results.File(found.Open(), found.Mimetype);
        }
        catch (Exception e) when (e is FileNotStoredException or FileNotFoundException or DirectoryNotFoundException)
        {
            var error = e as FileNotStoredException ?? FileNotStoredException.Unknown();
            return Results.Text(WorkerErrors.Describe(error)!.ToJsonString(), "application/json", statusCode: StatusCodes.Status409Conflict);
        }
    }
}
