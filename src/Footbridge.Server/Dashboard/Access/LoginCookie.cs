using System.Security.Claims;
using Footbridge.Server.Config;
using Footbridge.Server.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Footbridge.Server.Dashboard.Access;

/// <summary>The cookie that a login leaves in the browser.</summary>
internal static class LoginCookie
{
    public const string Scheme = "Footbridge";
    public const string Name = "footbridge_login";
    private const string StampClaim = "stamp";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Where the keys lie that cookies are sealed with, for the owner of the process alone; logins outlive a restart.</summary>
    public static DirectoryInfo KeyFolder(Settings settings)
    {
        var path = Path.Combine(settings.DataFolder, "keys");
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path)
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = Name;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = Lifetime;
        options.SlidingExpiration = true;
        options.Events.OnSigningIn = context =>
        {
            context.CookieOptions.Secure |= IsHttps(context.Request);
            var identity = (ClaimsIdentity)context.Principal!.Identity!;
            identity.AddClaim(new(StampClaim, Users(context.HttpContext).Stamp(Visitor.Of(context.Principal)!)));
            return Task.CompletedTask;
        };
        options.Events.OnValidatePrincipal = context =>
        {
            if (!IsCurrent(context)) context.RejectPrincipal();
            return Task.CompletedTask;
        };
    }

    public static void Protect(AntiforgeryOptions options)
    {
        options.Cookie.Name = "footbridge_form";
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.FormFieldName = "form_token";
    }

    /// <summary>A login ends when a password or the key changes.</summary>
    private static bool IsCurrent(CookieValidatePrincipalContext context) =>
        Visitor.Of(context.Principal!) is { } visitor && Secrets.AreSame(context.Principal!.FindFirstValue(StampClaim) ?? "", Users(context.HttpContext).Stamp(visitor));

    // A proxy that ends TLS says so here. Believing it can only make the cookie stricter.
    private static bool IsHttps(HttpRequest request) => request.IsHttps || request.Headers["X-Forwarded-Proto"] == "https";

    private static PageUsers Users(HttpContext context) => context.RequestServices.GetRequiredService<PageUsers>();
}
