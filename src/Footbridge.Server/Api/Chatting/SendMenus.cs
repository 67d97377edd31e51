using System.Text.Json.Nodes;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Lists, buttons, and the press of a button.</summary>
internal static class SendMenus
{
    private const int MaxButtons = 4;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/sendList", SendListAsync).WithTags("Chatting").WithSummary("phones do not show the lists of every account");
        api.MapPost("/api/sendButtons", SendButtonsAsync).WithTags("Chatting").WithSummary("phones seldom show them");
        api.MapPost("/api/send/buttons/reply", ReplyAsync).WithTags("Chatting");
    }

    private static async Task<IResult> SendListAsync(RequestBody body, string? session, SessionRegistry sessions, IMessageArchive archive, CancellationToken ct)
    {
        var request = SendRequest.Read(body, session);
        var list = Body.Object(request.Fields, "message") ?? throw new InvalidRequestException("message must be an object");
        var (title, button) = (Body.RequiredText(list, "title"), Body.RequiredText(list, "button"));
        var sections = Objects(list, "sections").Select(SectionOf).ToList();
        if (!request.Chat.IsUser) throw new RuleException("Lists can be sent to direct chats only");
        var live = await request.OpenAsync(sessions, ct);
        var content = MenuContents.List(title, Body.Text(list, "description"), Body.Text(list, "footer"), button, sections, await request.ContextAsync(live, archive, ct));
        return await request.SendAsync(live, content, ct);
    }

    private static async Task<IResult> SendButtonsAsync(RequestBody body, string? session, SessionRegistry sessions, IMessageArchive archive, FileMessages files, CancellationToken ct)
    {
        var request = SendRequest.Read(body, session);
        var buttons = Objects(request.Fields, "buttons").Select(ButtonOf).ToList();
        if (buttons.Count > MaxButtons) throw new InvalidRequestException($"buttons must have at most {MaxButtons} values");
        var image = Body.Object(request.Fields, "headerImage");
        var live = await request.OpenAsync(sessions, ct);
        var picture = image is { Count: > 0 } ? await files.ImageAsync(live, request.Chat, new(image, null, Converts: false, IsNote: false), MessageContext.None, ct) : null;
        var content = MenuContents.Buttons(
            Body.Text(request.Fields, "header"), Body.Text(request.Fields, "body"), Body.Text(request.Fields, "footer"), buttons, await request.ContextAsync(live, archive, ct), picture?.Content.ImageMessage);
        return await request.SendAsync(live, new UploadedMessage(content, picture?.Handle), ct);
    }

    private static async Task<IResult> ReplyAsync(RequestBody body, string? session, SessionRegistry sessions, IMessageArchive archive, CancellationToken ct)
    {
        var request = SendRequest.Read(body, session);
        var (text, button) = (Body.RequiredText(request.Fields, "selectedDisplayText"), Body.RequiredText(request.Fields, "selectedButtonID"));
        var live = await request.OpenAsync(sessions, ct);
        // This operation names the message it answers in a spelling of its own.
        var quote = SendRequest.Reference(request.Fields, "replyTo") is { } reference ? await Quotes.FindAsync(live, archive, reference, request.Chat, ct) : null;
        var context = new MessageContext { Quote = quote };
        var menu = quote?.Content;
        var content = menu?.TemplateMessage is not null ? MenuContents.TemplateReply(button, text, 0, context)
            : menu?.ListMessage is not null ? MenuContents.ListReply(button, text, null, context)
            : MenuContents.ButtonReply(button, text, context);
        return await request.SendAsync(live, content, ct);
    }

    private static ListSection SectionOf(JsonObject section) => new(
        Body.Text(section, "title") ?? "",
        [.. Objects(section, "rows").Select(row => new ListRow(Body.RequiredText(row, "title"), Body.RequiredText(row, "rowId"), Body.Text(row, "description")))]);

    private static FlowButton ButtonOf(JsonObject button, int place)
    {
        var text = Body.RequiredText(button, "text");
        return Body.RequiredText(button, "type") switch
        {
            "reply" => Flow("quick_reply", new() { ["display_text"] = text, ["id"] = Body.Text(button, "id") is { Length: > 0 } id ? id : $"{place + 1}" }),
            "url" => Flow("cta_url", new() { ["display_text"] = text, ["url"] = Body.RequiredText(button, "url"), ["merchant_url"] = Body.RequiredText(button, "url") }),
            "call" => Flow("cta_call", new() { ["display_text"] = text, ["phone_number"] = Body.RequiredText(button, "phoneNumber") }),
            "copy" => Flow("cta_copy", new() { ["display_text"] = text, ["copy_code"] = Body.RequiredText(button, "copyCode") }),
            _ => throw new InvalidRequestException("type must be one of the following values: reply, url, call, copy"),
        };
    }

    private static FlowButton Flow(string name, JsonObject parameters) => new(name, parameters.ToJsonString());

    private static List<JsonObject> Objects(JsonObject fields, string name) => fields[name] is JsonArray { Count: > 0 } list
        ? [.. list.Select(item => item as JsonObject ?? throw new InvalidRequestException($"each value in {name} must be an object"))]
        : throw new InvalidRequestException($"{name} should not be empty", $"{name} must be an array");
}
