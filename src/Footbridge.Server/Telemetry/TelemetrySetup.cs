using Footbridge.Engine.Connection;
using Footbridge.Jobs;
using Footbridge.Server.Config;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Footbridge.Server.Telemetry;

/// <summary>Metrics at <c>/metrics</c> and traces and metrics over OTLP, each only when it was asked for.</summary>
internal static class TelemetrySetup
{
    public const string MetricsPath = "/metrics";

    public static void AddTelemetry(this WebApplicationBuilder builder, Settings settings)
    {
        if (!settings.ServesMetrics && settings.OtlpEndpoint is null) return;
        var telemetry = builder.Services.AddSingleton<ProductMeter>().AddOpenTelemetry();
        telemetry.ConfigureResource(resource => resource.AddService("footbridge", serviceVersion: typeof(TelemetrySetup).Assembly.GetName().Version!.ToString(3)));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(ProductMeter.Name, JobMeter.Name, EngineMeter.Name, "Microsoft.AspNetCore.Hosting", "System.Net.Http", "System.Runtime");
            if (settings.ServesMetrics) metrics.AddPrometheusExporter();
            if (settings.OtlpEndpoint is not null) metrics.AddOtlpExporter();
        });
        if (settings.OtlpEndpoint is null) return;
        builder.Services.AddHostedService<MeterRefresh>();
        // Only our own: the platform's spans of HTTP calls carry whole addresses, and those of Chatwoot and of our API hold phone numbers.
        telemetry.WithTracing(traces => traces.AddSource(Traces.Name).AddOtlpExporter());
    }

    public static void MapTelemetry(this WebApplication web, Settings settings)
    {
        if (!settings.ServesMetrics) return;
        var meter = web.Services.GetRequiredService<ProductMeter>();
        web.MapPrometheusScrapingEndpoint(
            MetricsPath, meterProvider: null, optionsName: null,
            configureBranchedPipeline: branch => branch.Use(next => async context =>
            {
                await meter.RefreshAsync(context.RequestAborted);
                await next(context);
            }));
    }
}

/// <summary>Reads the state of the queues as often as it is exported.</summary>
internal sealed class MeterRefresh(ProductMeter meter, TimeProvider time, ILogger<MeterRefresh> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await meter.RefreshAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.MeterStale(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
