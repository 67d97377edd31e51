using System.Net;
using System.Text.Json.Nodes;

namespace Footbridge.Simulator.Control;

/// <summary>The loopback web server of the control API and, in the demo, of the page.</summary>
internal sealed class ControlHost : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly CancellationTokenSource _stopping;

    private ControlHost(WebApplication web, CancellationTokenSource stopping) => (_web, _stopping) = (web, stopping);

    public Uri Url => new(_web.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

    /// <exception cref="SimulatorException">The port is taken.</exception>
    public static async Task<ControlHost> StartAsync(
        int port, SimulatedWorld world, Func<JsonObject?> session, Action<IEndpointRouteBuilder> more, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.RespectNullableAnnotations = true;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
        });
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        var web = builder.Build();
        var stopping = new CancellationTokenSource();
        web.Use(next => context => GuardAsync(context, next));
        new ControlApi(world).Map(web);
        new FilesApi(world).Map(web);
        new LiveState(world, session, stopping.Token).Map(web);
        more(web);
        await Ports.UseAsync(port, async () =>
        {
            await web.StartAsync(ct);
            return true;
        });
        return new(web, stopping);
    }

    public async ValueTask DisposeAsync()
    {
        // Streams of events never end by themselves; without this the server would wait for them.
        await _stopping.CancelAsync();
        await _web.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>Only pages of this server may talk to it: a name that merely resolves to loopback is somebody else's page.</summary>
    private static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Host.Host is not ("localhost" or "127.0.0.1"))
        {
            await RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, "call this server as localhost or 127.0.0.1");
            return;
        }

        // Browsers send forms of any page to anybody, and say whose page it was.
        if (context.Request.Headers.Origin is [{ } origin, ..] && origin != $"http://{context.Request.Host}")
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "pages of others may not call this server");
            return;
        }

        context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(context, e.StatusCode, e.InnerException?.Message ?? e.Message);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new JsonObject { ["error"] = why });
    }
}
