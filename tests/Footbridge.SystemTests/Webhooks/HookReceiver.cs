using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Footbridge.SystemTests.Webhooks;

/// <summary>A request as a receiver got it.</summary>
internal sealed record HookCall(string Path, byte[] Body, IReadOnlyDictionary<string, string> Headers, int Status)
{
    public JsonObject Json { get; } = JsonNode.Parse(Body)!.AsObject();

    public string Event => Json["event"]!.ToString();

    public string? Text => Json["payload"]!["body"]?.ToString();
}

/// <summary>Somebody else's server that is told of events.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly Channel<HookCall> _calls = Channel.CreateUnbounded<HookCall>();

    private HookReceiver(WebApplication web) => _web = web;

    public Uri Url { get; private set; } = null!;

    /// <summary>What to answer; 200 without it.</summary>
    public Func<HttpContext, JsonObject, Task<int>> Answer { get; set; } = (_, _) => Task.FromResult(200);

    /// <summary>All requests in the order they came, with what was answered.</summary>
    public ChannelReader<HookCall> Calls => _calls.Reader;

    public static async Task<HookReceiver> StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new HookReceiver(builder.Build());
        receiver._web.Run(receiver.TakeAsync);
        await receiver._web.StartAsync(ct);
        receiver.Url = new(receiver._web.Urls.First());
        return receiver;
    }

    /// <summary>The next request that was answered with success and is of this event.</summary>
    public async Task<HookCall> NextAsync(string name, CancellationToken ct)
    {
        while (true)
        {
            var call = await _calls.Reader.ReadAsync(ct);
            if (call.Event == name && call.Status is >= 200 and < 300) return call;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _web.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var call = new HookCall(context.Request.Path, body.ToArray(), headers, 0);
        context.Response.StatusCode = await Answer(context, call.Json);
        _calls.Writer.TryWrite(call with { Status = context.Response.StatusCode });
    }
}
