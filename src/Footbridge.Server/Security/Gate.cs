using System.Net.Http.Headers;
using System.Text;
using Footbridge.Server.Api;
using Footbridge.Server.Api.Jobs;
using Footbridge.Server.Api.Pairing;
using Footbridge.Server.Config;
using Footbridge.Server.Dashboard;
using Footbridge.Server.Security.Keys;
using Footbridge.Server.Sockets;
using Footbridge.Server.Telemetry;
using Footbridge.Server.Workers;

namespace Footbridge.Server.Security;

/// <summary>Lets a request in by API key (header or query), as far as the key goes, or, for pages, by user and password or by the cookie of a login.</summary>
internal sealed class Gate(RequestDelegate next, ApiKeys keys, KeyGuard guard, Settings settings, PageUsers users, DashboardHost dashboard)
{
    private const string Header = "X-Api-Key";
    private const string Query = "x-api-key";
    private static readonly Visitor KeyHolder = new("API key", CanAct: true);
    private static readonly Visitor Anybody = new("anybody", CanAct: true);

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (path.StartsWithSegments("/ping") || path.StartsWithSegments("/webhooks") || path.StartsWithSegments(PhoneLinkPage.Root) || path == TelemetrySetup.MetricsPath || path.StartsWithSegments(WorkerApi.Path)) return next(context);
        if (path == "/" && settings.DashboardEnabled && WantsPage(context.Request)) return LeadToPagesAsync(context);
        var caller = Identify(context.Request);
        if (DashboardHost.Owns(path)) return PageAsync(context, caller);
        if (caller is not null) return EnterAsync(context, caller);
        // A socket is told of a refusal only once it is open.
        if (path == EventSocket.Path || (path == "/" && Presented(context) is { Visitor: not null })) return next(context);
        return RefuseAsync(context, asksForPassword: path == "/");
    }

    private Task EnterAsync(HttpContext context, ApiCaller caller)
    {
        context.Features.Set(caller);
        // The stream looks itself at whom it is for.
        if (context.Request.Path != EventSocket.Path) guard.Check(context, caller);
        return next(context);
    }

    private async Task PageAsync(HttpContext context, ApiCaller? caller)
    {
        var request = context.Request;
        if (!settings.DashboardEnabled)
        {
            await ApiErrors.NoRouteAsync(context);
            return;
        }

        if (!IsFromOurPages(request))
        {
            await ApiErrors.WriteAsync(context, 403, "Forbidden");
            return;
        }

        if (DashboardHost.IsOpen(request.Path) && !settings.DashboardNeedsNoPassword)
        {
            await dashboard.RunAsync(context);
            return;
        }

        var presented = caller is { IsAdmin: true } ? new(KeyHolder, null) : settings.DashboardNeedsNoPassword ? new(Anybody, null) : Presented(context);
        if (presented is { Visitor: null })
        {
            if (presented.Value.Wait is { } wait) await TooManyAsync(context, wait);
            else await RefuseAsync(context, asksForPassword: true);
            return;
        }

        if ((presented?.Visitor ?? await dashboard.VisitorAsync(context)) is not { } visitor)
        {
            await AskAsync(context);
            return;
        }

        await EnterAsync(context, visitor, isKnown: presented is null || settings.DashboardNeedsNoPassword);
    }

    private async Task EnterAsync(HttpContext context, Visitor visitor, bool isKnown)
    {
        context.User = visitor.ToPrincipal("Footbridge");
        if (GetJob.IsFor(context.Request))
        {
            await next(context);
            return;
        }

        // The page's own connection carries neither key nor, in some browsers, the password.
        if (!isKnown && WantsPage(context.Request)) await dashboard.RememberAsync(context, visitor);
        await dashboard.RunAsync(context);
    }

    /// <summary>Nobody has logged in yet: people get the form, programs a refusal.</summary>
    private static Task AskAsync(HttpContext context)
    {
        var request = context.Request;
        if (!WantsPage(request)) return RefuseAsync(context, asksForPassword: !request.Path.StartsWithSegments("/_blazor"));
        context.Response.Redirect($"/login?returnUrl={Uri.EscapeDataString(request.Path + request.QueryString)}");
        return Task.CompletedTask;
    }

    /// <summary>Somebody opened the address that the server prints when it starts. Programs are answered as WAHA answers them.</summary>
    private static Task LeadToPagesAsync(HttpContext context)
    {
        context.Response.Redirect("/dashboard");
        return Task.CompletedTask;
    }

    private static Task RefuseAsync(HttpContext context, bool asksForPassword)
    {
        if (asksForPassword) context.Response.Headers.WWWAuthenticate = "Basic realm=\"Footbridge\", charset=\"UTF-8\"";
        return ApiErrors.WriteAsync(context, 401, "Unauthorized");
    }

    private static Task TooManyAsync(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return ApiErrors.WriteAsync(context, 429, "Too many wrong passwords, try again later");
    }

    private static bool WantsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.Ordinal) ?? false);

    /// <summary>Another site's page can neither open our live connection nor post to us, whatever the browser would send along.</summary>
    private bool IsFromOurPages(HttpRequest request) =>
        request.Headers.Origin.FirstOrDefault() is not { } origin
        || (Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && (IsAt($"{from.Scheme}://{request.Host}", from) || IsAt(settings.PublicUrl, from)));

    // Not the scheme: a proxy in front of us may speak https where we see http.
    private static bool IsAt(string address, Uri from) =>
        Uri.TryCreate(address, UriKind.Absolute, out var parsed) && string.Equals(from.Authority, parsed.Authority, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whose key the request brings; null for nobody's. A key in the query is taken out of it, so that it stands in no log and no redirect.</summary>
    private ApiCaller? Identify(HttpRequest request)
    {
        var given = request.Query[Query];
        if (given.Count > 0) request.QueryString = KeyGuard.Without(request, Query);
        return keys.Find(request.Headers[Header].FirstOrDefault() ?? given.FirstOrDefault());
    }

    /// <summary>Null: the request brings no user and password along.</summary>
    private PageLogin? Presented(HttpContext context)
    {
        if (!AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var header) || header.Scheme != "Basic" || header.Parameter is null) return null;
        var buffer = new byte[header.Parameter.Length];
        if (!Convert.TryFromBase64String(header.Parameter, buffer, out var length)) return null;
        var pair = Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2);
        return pair.Length == 2 ? users.LogIn(context.Connection.RemoteIpAddress, pair[0], pair[1]) : null;
    }
}
