using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Footbridge.SystemTests.Telemetry;

/// <summary>An OpenTelemetry collector for OTLP over HTTP, as far as the tests look. Field numbers: opentelemetry-proto, trace.proto and metrics.proto.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _web;

    private Collector(WebApplication web) => _web = web;

    public ConcurrentQueue<Span> Spans { get; } = new();

    public ConcurrentDictionary<string, bool> Metrics { get; } = new();

    public string Url => _web.Urls.First();

    public static async Task<Collector> StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        var collector = new Collector(builder.Build());
        collector._web.MapPost("/v1/traces", http => TakeAsync(http, collector.AddSpans));
        collector._web.MapPost("/v1/metrics", http => TakeAsync(http, collector.AddMetrics));
        await collector._web.StartAsync(ct);
        return collector;
    }

    public async Task<Span[]> WaitAsync(Func<Span[], bool> isEnough, CancellationToken ct)
    {
        while (!isEnough([.. Spans])) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        return [.. Spans];
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private static async Task TakeAsync(HttpContext http, Action<ByteString> take)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        take(ByteString.CopyFrom(body.ToArray()));
        http.Response.ContentType = "application/x-protobuf";
    }

    // ExportTraceServiceRequest.resource_spans = 1, ResourceSpans.scope_spans = 2, ScopeSpans.spans = 2.
    private void AddSpans(ByteString request)
    {
        foreach (var resource in Fields(request, 1))
        {
            foreach (var scope in Fields(resource, 2))
            {
                foreach (var span in Fields(scope, 2))
                {
                    Spans.Enqueue(new(
                        Convert.ToHexStringLower(Fields(span, 1).Single().Span), Convert.ToHexStringLower(Fields(span, 2).Single().Span),
                        Convert.ToHexStringLower(Fields(span, 4).SingleOrDefault(ByteString.Empty).Span), Fields(span, 5).Single().ToStringUtf8(), span));
                }
            }
        }
    }

    // ExportMetricsServiceRequest.resource_metrics = 1, ResourceMetrics.scope_metrics = 2, ScopeMetrics.metrics = 2, Metric.name = 1.
    private void AddMetrics(ByteString request)
    {
        foreach (var metric in Fields(request, 1).SelectMany(resource => Fields(resource, 2)).SelectMany(scope => Fields(scope, 2)))
        {
            Metrics[Fields(metric, 1).Single().ToStringUtf8()] = true;
        }
    }

    private static List<ByteString> Fields(ByteString message, int number)
    {
        var found = new List<ByteString>();
        var input = message.CreateCodedInput();
        while (input.ReadTag() is not 0 and var tag)
        {
            if (WireFormat.GetTagFieldNumber(tag) == number && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited) found.Add(input.ReadBytes());
            else input.SkipLastField();
        }

        return found;
    }
}

/// <param name="Raw">The whole span as it was sent.</param>
internal sealed record Span(string Trace, string Id, string Parent, string Name, ByteString Raw);
