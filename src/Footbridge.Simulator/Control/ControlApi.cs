using System.Text.Json.Nodes;
using static Footbridge.Simulator.Control.Answer;

namespace Footbridge.Simulator.Control;

internal sealed record NewPhone(string Number, string? Name = null);

internal sealed record Scan(string Qr);

internal sealed record LinkingCode(string Code);

internal sealed record PhoneText(string To, string Text, string? Quote = null);

internal sealed record OpenChat(string? Chat = null);

internal sealed record Webhook(Uri? Url = null);

internal sealed record Down(bool IsDown);

/// <param name="To">Whom a customer writes to; agents write in a conversation.</param>
internal sealed record Typing(bool IsTyping, string? To = null, bool IsNote = false);

internal sealed record AgentText(string Text, long? ReplyTo = null, bool IsNote = false);

/// <summary>Plays customers and agents over HTTP: what tests in any language, and the demo's page, hold the phones with.</summary>
internal sealed class ControlApi(SimulatedWorld world)
{
    private const int MaxText = 4096;

    public void Map(IEndpointRouteBuilder web)
    {
        var phones = web.MapGroup("/api/phones");
        phones.MapPost("", AddPhone);
        phones.MapPost("/{number}/scan", (string number, Scan request, CancellationToken ct) =>
            LinkAsync(number, handset => handset.Phone.PairAsync(request.Qr, ct)));
        phones.MapPost("/{number}/code", (string number, LinkingCode request, CancellationToken ct) =>
            LinkAsync(number, handset => handset.Phone.TypeCodeAsync(request.Code, ct)));
        phones.MapPost("/{number}/messages", Write);
        phones.MapPost("/{number}/read", Read);
        phones.MapPost("/{number}/typing", Type);
        var chatwoot = web.MapGroup("/api/chatwoot");
        chatwoot.MapPut("/webhook", SetWebhook);
        chatwoot.MapPut("/down", SetDown);
        chatwoot.MapPost("/conversations/{conversation:long}/messages", AnswerAsync);
        chatwoot.MapPost("/conversations/{conversation:long}/typing", AgentTypesAsync);
        chatwoot.MapPost("/messages/{message:long}/retry", RetryAsync);
        chatwoot.MapDelete("/messages/{message:long}", DeleteAsync);
    }

    private static string? Fault(string? text) => string.IsNullOrWhiteSpace(text) ? "text is empty" : text.Length > MaxText ? $"text is longer than {MaxText} characters" : null;

    private IResult AddPhone(NewPhone request)
    {
        if (!SimulatedWorld.IsNumber(request.Number)) return Refuse(400, "number must be 7 to 15 digits");
        return world.AddPhone(request.Number, request.Name) is { } phone ? Results.Json(phone.Describe(), statusCode: 201) : Refuse(409, "the number has an account already");
    }

    private async Task<IResult> LinkAsync(string number, Func<Handset, Task> link)
    {
        if (world.FindPhone(number) is not { } handset) return NoPhone(number);
        try
        {
            await link(handset);
            return Results.Ok();
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or Protocol.ProtocolException)
        {
            return Refuse(409, $"the code could not be used: {e.Message}");
        }
    }

    private IResult Write(string number, PhoneText request)
    {
        if (world.FindPhone(number) is not { } handset) return NoPhone(number);
        if (world.FindPhone(request.To) is null) return NoPhone(request.To);
        if (Fault(request.Text) is { } fault) return Refuse(400, fault);
        var quote = request.Quote is null ? null : handset.Phone.Messages.FirstOrDefault(m => m.Id == request.Quote);
        if (request.Quote is not null && quote is null) return Refuse(404, "the quoted message is not on this phone");
        return Results.Json(new JsonObject { ["id"] = handset.Phone.SendText(request.To, request.Text, quote) }, statusCode: 201);
    }

    private IResult Read(string number, OpenChat request) =>
        world.FindPhone(number) is { } handset ? Results.Json(new JsonObject { ["read"] = handset.Read(request.Chat) }) : NoPhone(number);

    private IResult Type(string number, Typing request)
    {
        if (world.FindPhone(number) is not { } handset) return NoPhone(number);
        if (request.To is null || world.FindPhone(request.To) is null) return NoPhone(request.To ?? "");
        handset.Phone.People.Type(request.To, request.IsTyping ? "composing" : "paused");
        return Results.Ok();
    }

    private IResult SetWebhook(Webhook request)
    {
        if (request.Url is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https"))) return Refuse(400, "url must be an http or https address");
        world.Chatwoot.WebhookUrl = request.Url;
        world.Touch();
        return Results.Ok();
    }

    private IResult SetDown(Down request)
    {
        world.IsChatwootDown = request.IsDown;
        return Results.Ok();
    }

    private async Task<IResult> AnswerAsync(long conversation, AgentText request)
    {
        if (Fault(request.Text) is { } fault) return Refuse(400, fault);
        if (!world.Chatwoot.HasConversation(conversation)) return Refuse(404, "there is no such conversation");
        var id = await world.Chatwoot.AgentWritesAsync(conversation, request.Text, request.ReplyTo, request.IsNote, []);
        return Results.Json(new JsonObject { ["id"] = id }, statusCode: 201);
    }

    private async Task<IResult> RetryAsync(long message)
    {
        if (world.Chatwoot.Store.FindMessage(message) is not { } found) return Refuse(404, "there is no such message");
        if (found.Status != "failed") return Refuse(409, $"the message has not failed; it is {found.Status}");
        await world.Chatwoot.AgentRetryAsync(message);
        return Results.Ok();
    }

    private async Task<IResult> DeleteAsync(long message)
    {
        if (world.Chatwoot.Store.FindMessage(message) is null) return Refuse(404, "there is no such message");
        await world.Chatwoot.AgentDeletesAsync(message);
        return Results.Ok();
    }

    private async Task<IResult> AgentTypesAsync(long conversation, Typing request)
    {
        if (world.Chatwoot.Store.Read((_, all) => all.GetValueOrDefault(conversation)) is not { } found) return Refuse(404, "there is no such conversation");
        await world.Chatwoot.AgentTypesAsync(found, request.IsTyping, request.IsNote);
        return Results.Ok();
    }
}
