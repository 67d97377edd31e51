using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Footbridge.SystemTests;

/// <summary>Somebody's web server on loopback.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _host;

    private FileServer(WebApplication host) => _host = host;

    public ConcurrentDictionary<string, Func<HttpContext, Task>> Files { get; } = new();

    public void Redirect(string path, string to) => Files[path] = context =>
    {
        context.Response.Redirect(to);
        return Task.CompletedTask;
    };

    public Uri Url => new(_host.Urls.First());

    public static async Task<FileServer> StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new FileServer(builder.Build());
        server._host.Run(server.AnswerAsync);
        await server._host.StartAsync(ct);
        return server;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        if (Files.TryGetValue(context.Request.Path, out var file)) return file(context);
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    }
}
