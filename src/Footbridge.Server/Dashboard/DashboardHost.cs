using Footbridge.Server.Api;
using Footbridge.Server.Dashboard.Access;
using Footbridge.Server.Dashboard.Frame;
using Footbridge.Server.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;

namespace Footbridge.Server.Dashboard;

/// <summary>The pages, behind a door: their services and their part of the pipeline are made when somebody first opens one.</summary>
/// <remarks>Most processes are never looked at; those pay neither time at the start nor memory for Blazor and MudBlazor.</remarks>
internal sealed class DashboardHost(IServiceProvider product) : IAsyncDisposable
{
    private readonly CancellationToken _stopping = product.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
    private readonly Lazy<Inside> _inside = new(() => Build(product));

    /// <summary>Whether a path is the dashboard's, and not the API's.</summary>
    public static bool Owns(PathString path) =>
        path.StartsWithSegments("/jobs") || path.StartsWithSegments("/dashboard") || path.StartsWithSegments("/_blazor") || path.StartsWithSegments("/logout") || IsOpen(path);

    /// <summary>What can be had without a login: the login itself, and files that say nothing.</summary>
    public static bool IsOpen(PathString path) => path.StartsWithSegments("/login") || path.StartsWithSegments(WebFiles.Root);

    public async Task RunAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments(WebFiles.Root, out var file))
        {
            await WebFiles.WriteAsync(context, file.Value!.TrimStart('/'));
            return;
        }

        // Open pages are cut off when a stop begins, and come back at once: taken on again, they would hold it up for half a minute.
        if (_stopping.IsCancellationRequested)
        {
            await ApiErrors.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "The server is stopping");
            return;
        }

        using var visit = new Visit(context, _inside.Value.Services);
        PageHeaders.Add(context.Response);
        // The product's routing has run already and found its own fallback.
        context.SetEndpoint(null);
        context.Request.RouteValues.Clear();
        await _inside.Value.Pipeline(context);
    }

    /// <summary>Who a request's cookie belongs to, or null.</summary>
    public async Task<Visitor?> VisitorAsync(HttpContext context)
    {
        if (!context.Request.Cookies.ContainsKey(LoginCookie.Name)) return null;
        using var visit = new Visit(context, _inside.Value.Services);
        var result = await context.AuthenticateAsync(LoginCookie.Scheme);
        return result.Succeeded ? Visitor.Of(result.Principal) : null;
    }

    /// <summary>Gives the browser a cookie, so that it need not show its key or password again.</summary>
    public async Task RememberAsync(HttpContext context, Visitor visitor)
    {
        using var visit = new Visit(context, _inside.Value.Services);
        await context.SignInAsync(LoginCookie.Scheme, visitor.ToPrincipal(LoginCookie.Scheme));
    }

    public ValueTask DisposeAsync() => _inside.IsValueCreated ? _inside.Value.Services.DisposeAsync() : ValueTask.CompletedTask;

    private static Inside Build(IServiceProvider product)
    {
        var services = DashboardServices.Create(product).BuildServiceProvider();
        var pages = new ApplicationBuilder(services);
        pages.UseRouting().UseAntiforgery().UseEndpoints(DashboardServices.Map);
        pages.Run(ApiErrors.NoRouteAsync);
        return new(services, pages.Build());
    }

    private sealed record Inside(ServiceProvider Services, RequestDelegate Pipeline);

    /// <summary>As long as it lasts, a request sees the dashboard's services.</summary>
    private readonly struct Visit : IDisposable
    {
        private readonly IFeatureCollection _features;
        private readonly IServiceProvidersFeature? _before;

        public Visit(HttpContext context, ServiceProvider services)
        {
            _features = context.Features;
            _before = _features.Get<IServiceProvidersFeature>();
            _features.Set<IServiceProvidersFeature>(new RequestServicesFeature(context, services.GetRequiredService<IServiceScopeFactory>()));
        }

        public void Dispose() => _features.Set(_before);
    }
}
