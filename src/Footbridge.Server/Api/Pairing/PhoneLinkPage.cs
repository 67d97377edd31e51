using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Footbridge.Engine.Connection;
using Footbridge.Protocol.Pairing;
using Footbridge.Server.Apps;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Dashboard.Frame;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Pairing;

/// <summary>The page for the person who holds the phone: no login, one session, once. It asks for the state again and again, as it has no live connection.</summary>
internal static class PhoneLinkPage
{
    public const string Root = "/link";
    private const string Cookie = "footbridge_link";

    public static void Map(IEndpointRouteBuilder web)
    {
        web.MapPost("/api/sessions/{session}/link", IssueAsync).WithTags("Pairing").WithSummary("an address at which the phone is linked without a login, once, within 10 minutes");
        web.MapGet(Root + "/{token}", ShowAsync).ExcludeFromDescription();
        web.MapGet(Root + "/{token}/state", StateAsync).ExcludeFromDescription();
        web.MapPost(Root + "/{token}/{step}", StepAsync).ExcludeFromDescription();
    }

    public static string UrlOf(string token, Settings settings) => $"{settings.PublicUrl}{Root}/{token}";

    private static async Task<IResult> IssueAsync(string session, PhoneLinks links, Settings settings, CancellationToken ct)
    {
        var (token, link) = await links.IssueAsync(session, ct);
        return Results.Json(new JsonObject { ["url"] = UrlOf(token, settings), ["expiresAt"] = link.Expires.ToUnixTimeMilliseconds() }, statusCode: 201);
    }

    private static async Task<IResult> ShowAsync(string token, HttpContext http, PhoneLinks links, AppRegistry apps, Locales locales, CancellationToken ct)
    {
        Harden(http.Response);
        var link = links.Find(token, http.Request.Cookies[Cookie]);
        if (link is not null && await links.ClaimAsync(token, ct) is { } holder)
        {
            http.Response.Cookies.Append(Cookie, holder, new()
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Secure = http.Request.IsHttps || http.Request.Headers["X-Forwarded-Proto"] == "https",
                Path = $"{Root}/{token}",
                Expires = link.Expires,
            });
        }

        var words = WordsFor(link, apps, locales);
        return Results.Content(link is null ? PhoneLinkHtml.Expired(words) : PhoneLinkHtml.Page(words), "text/html; charset=utf-8", null, link is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK);
    }

    private static async Task<IResult> StateAsync(string token, HttpContext http, PhoneLinks links, SessionRegistry sessions, AppRegistry apps, Locales locales, CancellationToken ct)
    {
        Harden(http.Response);
        var link = Require(token, http, links);
        var live = sessions.Find(link.Session);
        var (status, data) = live?.StatusData ?? (SessionStatus.Stopped, null);
        var words = WordsFor(link, apps, locales);
        var state = new JsonObject { ["status"] = status, ["text"] = TextOf(status, live, words), ["expiresAt"] = link.Expires.ToUnixTimeMilliseconds() };
        if (status == SessionStatus.ScanQrCode && live?.Qr is { } qr) state["qr"] = "data:image/png;base64," + Convert.ToBase64String(GetQr.Png(qr));
        if (status == SessionStatus.PasskeyRequired) state["challenge"] = data?["publicKey"]?.DeepClone() ?? data?.DeepClone();
        if (status == SessionStatus.PasskeyConfirmationRequired) state["code"] = data?["code"]?.ToString();
        if (status == SessionStatus.Working) await links.SpendAsync(token, ct);
        return Results.Json(state);
    }

    private static async Task<IResult> StepAsync(string token, string step, RequestBody body, HttpContext http, PhoneLinks links, SessionRegistry sessions, CancellationToken ct)
    {
        Harden(http.Response);
        var link = Require(token, http, links);
        switch (step)
        {
            case "code":
                return Results.Json(new JsonObject { ["code"] = await RequestCode.AskAsync(await sessions.WaitStartedAsync(link.Session, ct), Body.RequiredText(body.Json, "phoneNumber"), ct) });
            case "again":
                await sessions.RestartAsync(link.Session, ct);
                return Results.Json(new JsonObject());
            case "passkey":
                await Passkeys.AnswerForAsync(await sessions.WaitStartedAsync(link.Session, ct), body.Json, ct);
                return Results.Json(new JsonObject());
            case "confirm":
                await Passkeys.ConfirmForAsync(await sessions.WaitStartedAsync(link.Session, ct), ct);
                return Results.Json(new JsonObject());
            default:
                throw new NotFoundException("There is no such step");
        }
    }

    private static PhoneLink Require(string token, HttpContext http, PhoneLinks links) => links.Find(token, http.Request.Cookies[Cookie] ?? "") ?? throw new NotFoundException("This address has expired or was used");

    private static string TextOf(string status, Session? live, Words words) => status switch
    {
        SessionStatus.ScanQrCode => words.Say(Key.LinkWaiting),
        SessionStatus.PasskeyRequired => words.Say(Key.LinkPasskey),
        SessionStatus.PasskeyConfirmationRequired => words.Say(Key.LinkPasskeyCode),
        SessionStatus.Working => words.Say(Key.LinkDone),
        SessionStatus.Failed => words.Say(Key.LinkFailed, new { reason = live?.Detail ?? status }),
        _ => words.Say(Key.LinkConnecting),
    };

    /// <summary>In the language of the session's inbox.</summary>
    private static Words WordsFor(PhoneLink? link, AppRegistry apps, Locales locales)
    {
        var app = link is null ? null : apps.Of(link.Session).FirstOrDefault(one => one.App == AppRecord.Chatwoot);
        return locales.Open(ChatwootConfig.Read(app?.Config ?? new JsonObject { ["url"] = "http://localhost", ["accountToken"] = "-", ["accountId"] = 0L, ["inboxId"] = 0L, ["inboxIdentifier"] = "-" }));
    }

    private static void Harden(HttpResponse response)
    {
        PageHeaders.Add(response);
        // The address is the secret: no other site is to learn it.
        response.Headers["Referrer-Policy"] = "no-referrer";
    }
}

/// <summary>The page's HTML; what moves in it is link.js.</summary>
internal static class PhoneLinkHtml
{
    public static string Expired(Words words) => Frame(words, $"<p role=\"alert\">{Text(words, Key.LinkExpired)}</p>", hasScript: false);

    public static string Page(Words words) => Frame(words, $"""
        <p>{Text(words, Key.LinkIntro)}</p>
        <p id="state" role="status">{Text(words, Key.LinkConnecting)}</p>
        <div id="scan" hidden>
        <p>{Text(words, Key.LinkScan)}</p>
        <img id="qr" width="264" height="264" alt="{Text(words, Key.LinkScan)}" />
        <details><summary>{Text(words, Key.LinkUseNumber)}</summary>
        <form id="number"><label for="phone">{Text(words, Key.LinkNumber)}</label><input id="phone" inputmode="tel" autocomplete="tel" required />
        <button type="submit">{Text(words, Key.LinkGetCode)}</button></form>
        <p id="enter" hidden>{Text(words, Key.LinkEnterCode)} <strong id="code"></strong></p></details>
        </div>
        <div id="passkey" hidden><p>https://web.whatsapp.com</p><textarea id="command" readonly rows="4" aria-label="JavaScript"></textarea>
        <form id="answer"><textarea id="credential" required rows="4" aria-label="JSON"></textarea><button type="submit">{Text(words, Key.LinkPasskeyYes)}</button></form></div>
        <div id="confirm" hidden><p><strong id="shown"></strong></p><button id="yes" type="button">{Text(words, Key.LinkPasskeyYes)}</button> <button id="no" type="button">{Text(words, Key.LinkPasskeyNo)}</button></div>
        <button id="again" type="button" hidden>↻</button>
        <p id="problem" role="alert"></p>
        """, hasScript: true);

    private static string Frame(Words words, string body, bool hasScript) => $"""
        <!DOCTYPE html>
        <html><head><meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" /><title>{Text(words, Key.LinkTitle)}</title>
        <base href="/" /><link rel="icon" href="{WebFiles.Link("icon.svg")}" /><link rel="stylesheet" href="{WebFiles.Link("dashboard.css")}" /></head>
        <body class="login link" dir="auto"><main><h1>{Text(words, Key.LinkTitle)}</h1>
        {body}
        </main>{(hasScript ? $"<script src=\"{WebFiles.Link("link.js")}\"></script>" : "")}</body></html>
        """;

    private static string Text(Words words, string key) => HtmlEncoder.Default.Encode(words.Say(key));
}
