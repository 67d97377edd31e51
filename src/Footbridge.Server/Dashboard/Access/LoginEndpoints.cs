using System.Globalization;
using Footbridge.Server.Config;
using Footbridge.Server.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Footbridge.Server.Dashboard.Access;

/// <summary>The login form and its two answers.</summary>
internal static class LoginEndpoints
{
    private const string Home = "/jobs";

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/login", (HttpContext context, Settings settings) =>
            settings.DashboardNeedsNoPassword ? Results.LocalRedirect(Target(context.Request.Query["returnUrl"])) : Form(context, null));
        pages.MapPost("/login", LogInAsync).WithMetadata(new RequireAntiforgeryTokenAttribute());
        pages.MapPost("/logout", (Delegate)LogOutAsync).WithMetadata(new RequireAntiforgeryTokenAttribute());
    }

    /// <summary>Where a login leads: only into these pages, whatever the link said.</summary>
    internal static string Target(string? returnUrl) =>
        returnUrl is not null && (returnUrl == Home || returnUrl.StartsWith(Home + "/", StringComparison.Ordinal) || returnUrl.StartsWith(Home + "?", StringComparison.Ordinal) || returnUrl.StartsWith("/dashboard", StringComparison.Ordinal))
            ? returnUrl : Home;

    private static async Task<IResult> LogInAsync(HttpContext context, PageUsers users)
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: true }) return Results.LocalRedirect("/login"); // a form from before a restart, or not ours
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (visitor, wait) = users.LogIn(context.Connection.RemoteIpAddress, form["user"].ToString(), form["password"].ToString());
        if (wait is { } time)
        {
            var seconds = (int)Math.Ceiling(time.TotalSeconds);
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return Form(context, $"Too many wrong passwords. Try again in {seconds} seconds.", 429);
        }

        if (visitor is null) return Form(context, "This name and password do not belong together.", 401);
        await context.SignInAsync(LoginCookie.Scheme, visitor.ToPrincipal(LoginCookie.Scheme));
        return Results.LocalRedirect(Target(form["returnUrl"]));
    }

    private static async Task<IResult> LogOutAsync(HttpContext context)
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: true }) await context.SignOutAsync(LoginCookie.Scheme);
        return Results.LocalRedirect("/login");
    }

    private static RazorComponentResult Form(HttpContext context, string? problem, int status = StatusCodes.Status200OK) =>
        new(typeof(LoginPage), new Dictionary<string, object?>
        {
            [nameof(LoginPage.Problem)] = problem,
            [nameof(LoginPage.ReturnUrl)] = Target(HttpMethods.IsPost(context.Request.Method) ? context.Request.Form["returnUrl"] : context.Request.Query["returnUrl"]),
        })
        { StatusCode = status };
}
