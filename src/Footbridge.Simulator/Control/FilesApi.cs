using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.Api;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;
using static Footbridge.Simulator.Control.Answer;

namespace Footbridge.Simulator.Control;

/// <summary>Files of both sides: sent as forms, given back as they are.</summary>
internal sealed class FilesApi(SimulatedWorld world)
{
    public void Map(IEndpointRouteBuilder web)
    {
        web.MapPost("/api/phones/{number}/files", SendAsync);
        web.MapGet("/api/phones/{number}/messages/{id}/file", Open);
        web.MapPost("/api/chatwoot/conversations/{conversation:long}/files", AnswerAsync);
        web.MapGet("/api/chatwoot/messages/{message:long}/files/{index:int}", File);
    }

    /// <summary>Form: <c>to</c>, <c>text</c>, <c>isVoice</c>, and one file or several; the text stands below the first.</summary>
    private async Task<IResult> SendAsync(string number, HttpRequest request)
    {
        if (await FormAsync(request) is not var (form, files)) return Refuse(400, "send a form with a file");
        if (world.FindPhone(number) is not { } handset) return NoPhone(number);
        var to = form["to"]?.ToString() ?? "";
        if (world.FindPhone(to) is null) return NoPhone(to);
        var (isVoice, text) = (form["isVoice"]?.ToString() == "true", form["text"]?.ToString());
        var ids = files.Select((file, i) => Send(handset.Phone.Media, to, file, i == 0 ? text : null, isVoice)).ToList();
        return Results.Json(new JsonObject { ["ids"] = new JsonArray([.. ids.Select(id => (JsonNode)id)]) }, statusCode: 201);
    }

    private static string Send(PhoneMedia media, string to, (string Name, string ContentType, byte[] Bytes) file, string? text, bool isVoice)
    {
        if (isVoice) return media.SendVoice(to, file.Bytes, seconds: 0, file.ContentType);
        return file.ContentType is "image/jpeg" or "image/png" ? media.SendImage(to, file.Bytes, text, file.ContentType) : media.SendDocument(to, file.Bytes, file.Name, file.ContentType, text);
    }

    private IResult Open(string number, string id)
    {
        if (world.FindPhone(number) is not { } handset) return NoPhone(number);
        var message = handset.Phone.Messages.FirstOrDefault(m => m.Id == id);
        if (message is null || PhoneView.FileOf(message.Content) is not { } file) return Refuse(404, "there is no such file");
        return Give(file.Name, file.ContentType, handset.Phone.Media.Open(message));
    }

    /// <summary>Form: <c>text</c>, <c>replyTo</c>, <c>isNote</c>, and one file or several.</summary>
    private async Task<IResult> AnswerAsync(long conversation, HttpRequest request)
    {
        if (await FormAsync(request) is not var (form, files)) return Refuse(400, "send a form with a file");
        if (!world.Chatwoot.HasConversation(conversation)) return Refuse(404, "there is no such conversation");
        var replyTo = long.TryParse(form["replyTo"]?.ToString(), CultureInfo.InvariantCulture, out var target) ? target : (long?)null;
        var id = await world.Chatwoot.AgentWritesAsync(conversation, form["text"]?.ToString(), replyTo, form["isNote"]?.ToString() == "true", files);
        return Results.Json(new JsonObject { ["id"] = id }, statusCode: 201);
    }

    private IResult File(long message, int index)
    {
        if (world.Chatwoot.Store.FindMessage(message) is not SimMessage found || index < 0 || index >= found.Files.Count) return Refuse(404, "there is no such file");
        var (name, contentType, bytes) = found.Files[index];
        return Give(name, contentType, bytes);
    }

    private static async Task<(JsonObject Fields, List<(string Name, string ContentType, byte[] Bytes)> Files)?> FormAsync(HttpRequest request)
    {
        if (!request.HasFormContentType) return null;
        var (fields, files) = await MessagesApi.ReadAsync(request);
        return files.Count == 0 ? null : (fields, files);
    }

    /// <summary>Only what cannot run is shown in place; anything else could be a page that runs in this one's name.</summary>
    private static IResult Give(string name, string contentType, byte[] bytes)
    {
        var isShown = contentType is "image/png" or "image/jpeg" or "image/webp" || contentType.StartsWith("audio/", StringComparison.Ordinal) || contentType.StartsWith("video/", StringComparison.Ordinal);
        return isShown ? Results.Bytes(bytes, contentType, enableRangeProcessing: true) : Results.Bytes(bytes, "application/octet-stream", name);
    }
}
