using Footbridge.Jobs;
using Footbridge.Server.Api.Observability;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Config;
using Footbridge.Server.Storage;
using Footbridge.Server.Telemetry;
using Footbridge.Server.Webhooks;

namespace Footbridge.Server.Workers;

/// <summary>A process that only runs jobs: they are in Redis, and what they need to know is with the process that has the API.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly Broker _broker;
    private readonly JobRunning _running;
    private int _disposed;

    private WorkerProcess(WebApplication web, Broker broker, JobRunning running) => (_web, _broker, _running) = (web, broker, running);

    public static async Task<WorkerProcess> StartAsync(Settings settings, TimeProvider time, CancellationToken ct)
    {
        var broker = await Broker.OpenAsync(settings, null, time, ct);
        try
        {
            var web = Build(settings, time, broker);
            await web.StartAsync(ct);
            var process = new WorkerProcess(web, broker, new(web.Services, settings, time));
            process._running.Start();
            return process;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    public Task WaitForShutdownAsync(CancellationToken ct) => _web.WaitForShutdownAsync(ct);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _web.StopAsync();
        await _running.DisposeAsync();
        await _web.Services.GetRequiredService<Settlements>().DisposeAsync();
        await _web.DisposeAsync();
        await _broker.DisposeAsync();
    }

    private static WebApplication Build(Settings settings, TimeProvider time, Broker broker)
    {
        var builder = Hosting.NewBuilder(settings);
        var services = builder.Services;
        services.AddSingleton(settings).AddSingleton(time).AddSingleton(broker.Store).AddSingleton(broker.Monitor).AddSingleton<JobQueue>();
        services.AddRemoteState();
        services.AddSingleton<Decisions>().AddSingleton<Settlements>();
        services.AddChatwootJobs();
        services.AddWebhookJobs();
        builder.AddTelemetry(settings);
        var web = builder.Build();
        Ping.Map(web);
        web.MapTelemetry(settings);
        return web;
    }
}
