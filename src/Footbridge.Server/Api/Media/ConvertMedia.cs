using System.Text.Json.Nodes;
using Footbridge.Server.Media;

namespace Footbridge.Server.Api.Media;

/// <summary>Makes files into what plays on phones, without sending them.</summary>
internal static class ConvertMedia
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/{session}/media/convert/voice", VoiceAsync).WithTags("Media").WithSummary("needs ffmpeg");
        api.MapPost("/api/{session}/media/convert/video", VideoAsync).WithTags("Media").WithSummary("needs ffmpeg");
    }

    private static async Task<IResult> VoiceAsync(RequestBody body, HttpRequest request, OutgoingFiles files, Transcoder transcoder, CancellationToken ct)
    {
        using var file = await files.OpenAsync(body.Json, ct);
        using var voice = await transcoder.ToVoiceAsync(file, ct);
        return await AnswerAsync(voice, "output.opus", request, ct);
    }

    private static async Task<IResult> VideoAsync(RequestBody body, HttpRequest request, OutgoingFiles files, Transcoder transcoder, CancellationToken ct)
    {
        using var file = await files.OpenAsync(body.Json, ct);
        using var video = await transcoder.ToVideoAsync(file, ct);
        return await AnswerAsync(video, "output.mp4", request, ct);
    }

    private static async Task<IResult> AnswerAsync(OutgoingFile file, string name, HttpRequest request, CancellationToken ct)
    {
        // Exactly this and nothing beside it, as for the QR code.
        if (request.Headers.Accept.ToString() == "application/json")
        {
            return Results.Json(new JsonObject { ["mimetype"] = file.Mimetype, ["data"] = Convert.ToBase64String(await File.ReadAllBytesAsync(file.Path, ct)) }, statusCode: 201);
        }

        var response = request.HttpContext.Response;
        response.StatusCode = 201;
        response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        // The name on the disk goes when this method ends; the open file stays readable until the answer is out.
        var stream = file.Open();
        response.ContentLength = stream.Length;
        return Results.Stream(stream, file.Mimetype);
    }
}
