using System.Net.Http.Headers;
using System.Text;
using Footbridge.Server.Api;
using Footbridge.Server.Config;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Security;

/// <summary>Lets a request in by API key (header or query) or, for pages, by user and password.</summary>
internal sealed class Gate(RequestDelegate next, Secrets secrets, Settings settings)
{
    private const string Header = "X-Api-Key";
    private const string Query = "x-api-key";

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (path.StartsWithSegments("/ping") || path.StartsWithSegments("/webhooks") || path == TelemetrySetup.MetricsPath) return next(context);
        if (HasKey(context.Request)) return next(context);
        if (!IsPage(path)) return ApiErrors.WriteAsync(context, 401, "Unauthorized");
        if (HasPassword(context.Request)) return next(context);
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"Footbridge\", charset=\"UTF-8\"";
        return ApiErrors.WriteAsync(context, 401, "Unauthorized");
    }

    private static bool IsPage(PathString path) => path.StartsWithSegments("/jobs") || path.StartsWithSegments("/dashboard") || path == "/";

    private bool HasKey(HttpRequest request) =>
        secrets.IsApiKey(request.Headers[Header].FirstOrDefault() ?? request.Query[Query].FirstOrDefault());

    private bool HasPassword(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || header.Scheme != "Basic" || header.Parameter is null) return false;
        var buffer = new byte[header.Parameter.Length];
        if (!Convert.TryFromBase64String(header.Parameter, buffer, out var length)) return false;
        var pair = Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2);
        return pair.Length == 2 && Secrets.AreSame(pair[0], settings.DashboardUser) & secrets.IsPassword(pair[1]);
    }
}
