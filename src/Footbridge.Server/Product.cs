using System.Net;
using System.Text.Json.Serialization;
using Footbridge.Jobs;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Api;
using Footbridge.Server.Api.Apps;
using Footbridge.Server.Api.Chatting;
using Footbridge.Server.Api.Jobs;
using Footbridge.Server.Api.Observability;
using Footbridge.Server.Api.Pairing;
using Footbridge.Server.Api.Sessions;
using Footbridge.Server.Apps;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.Reconcile;
using Footbridge.Server.Apps.Chatwoot.Scheduled;
using Footbridge.Server.Config;
using Footbridge.Server.Dashboard;
using Footbridge.Server.Security;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server;

/// <summary>The whole product in one process: opened, started, and stopped in the right order.</summary>
internal sealed class Product : IAsyncDisposable
{
    private const int MaxRequestBytes = 50 * 1024 * 1024;
    private readonly WebApplication _web;
    private readonly SqliteDatabase _database;
    private JobWorker? _worker;
    private JobScheduler? _scheduler;
    private int _disposed;

    private Product(WebApplication web, SqliteDatabase database, Secrets secrets) => (_web, _database, Secrets) = (web, database, secrets);

    public Secrets Secrets { get; }

    public Uri Url => new(_web.Urls.First().Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal));

    public IServiceProvider Services => _web.Services;

    /// <summary>Opens the data folder and begins to serve.</summary>
    /// <exception cref="DatabaseInUseException">Another process holds the data.</exception>
    public static async Task<Product> StartAsync(Settings settings, TimeProvider time, CancellationToken ct)
    {
        var secrets = Secrets.Open(settings);
        var database = SqliteDatabase.Open(Path.Combine(settings.DataFolder, "footbridge.db"));
        try
        {
            await Schema.MigrateAsync(database, ct);
            var store = await SqliteJobStore.OpenAsync(database, time, null, ct);
            var product = new Product(Build(settings, time, database, store, secrets), database, secrets);
            await product.RunAsync(store, settings, time, ct);
            return product;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public Task WaitForShutdownAsync(CancellationToken ct) => _web.WaitForShutdownAsync(ct);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _web.StopAsync();
        if (_scheduler is not null) await _scheduler.DisposeAsync();
        if (_worker is not null) await _worker.DisposeAsync();
        await _web.Services.GetRequiredService<ChatwootSchedules>().DisposeAsync();
        await _web.Services.GetRequiredService<SessionRegistry>().DisposeAsync();
        await _web.Services.GetRequiredService<ChatwootReconciler>().DisposeAsync();
        await _web.Services.GetRequiredService<LedgerReconciler>().DisposeAsync();
        await _web.Services.GetRequiredService<Ledger>().DisposeAsync();
        await _web.Services.GetRequiredService<Settlements>().DisposeAsync();
        await _web.Services.GetRequiredService<Housekeeper>().DisposeAsync();
        await _web.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static WebApplication Build(Settings settings, TimeProvider time, SqliteDatabase database, SqliteJobStore store, Secrets secrets)
    {
        // Settings come from the environment alone; a watcher on the working folder would wake at every write of the database.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.SetMinimumLevel(settings.LogLevel).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning)
            // It warns that the keys of logins lie in the data folder in the clear: so does everything else there, for the owner of the folder alone.
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            if (settings.Bind == "*") kestrel.ListenAnyIP(settings.Port);
            else kestrel.Listen(IPAddress.Parse(settings.Bind), settings.Port);
        });
        var services = builder.Services;
        services.AddSingleton(settings).AddSingleton(time).AddSingleton(database).AddSingleton(secrets);
        services.AddSingleton<IJobStore>(store).AddSingleton(store.OpenMonitor());
        AddParts(services);
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.RespectNullableAnnotations = true;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        });
        builder.AddTelemetry(settings);
        var web = builder.Build();
        web.Use(next => context => DashboardHost.Owns(context.Request.Path) ? next(context) : Cors.AllowAsync(context, next));
        web.Use(next => context => ApiErrors.CatchAsync(context, next));
        web.UseMiddleware<Gate>();
        MapRoutes(web);
        web.MapTelemetry(settings);
        web.MapFallback("{**path}", ApiErrors.NoRouteAsync);
        return web;
    }

    /// <summary>Every route, without anything behind it.</summary>
    public static IReadOnlyList<Endpoint> Routes()
    {
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        // Routes are only built here, not run: they need to know what is a service, and none is made.
        builder.Services.AddSingleton<SqliteDatabase>(_ => throw new NotSupportedException()).AddSingleton<IJobStore>(_ => throw new NotSupportedException())
            .AddSingleton<IJobMonitor>(_ => throw new NotSupportedException()).AddSingleton<Settings>().AddSingleton(TimeProvider.System);
        AddParts(builder.Services);
        var web = builder.Build();
        MapRoutes(web);
        return [.. ((IEndpointRouteBuilder)web).DataSources.SelectMany(source => source.Endpoints)];
    }

    private static void AddParts(IServiceCollection services)
    {
        services.AddSingleton<JobQueue>().AddSingleton<Ledger>().AddSingleton<SessionRegistry>().AddSingleton<Housekeeper>().AddSingleton<PageUsers>().AddSingleton<DashboardHost>();
        services.AddSingleton<Deliveries>().AddSingleton<Timeline>().AddSingleton<Reconciliation>().AddSingleton<LastPasses>().AddSingleton<Decisions>();
        services.AddSingleton<LaneTails>().AddSingleton<Settlements>().AddSingleton<LaneFeed>().AddSingleton<LedgerReconciler>();
        services.AddChatwootApp();
    }

    private static void MapRoutes(WebApplication web)
    {
        Ping.Map(web);
        GetHealth.Map(web);
        GetVersion.Map(web);
        GetStatus.Map(web);
        ListSessions.Map(web);
        ChangeSessions.Map(web);
        RunSessions.Map(web);
        GetQr.Map(web);
        SendText.Map(web);
        AppEndpoints.Map(web);
        GetReconciliation.Map(web);
        GetTimeline.Map(web);
        GetJob.Map(web);
        ChatwootWebhook.Map(web);
    }

    /// <summary>The ledger hears of every run's end; a failure is reported in Chatwoot before it is written down as the end.</summary>
    private JobHooks Hooks()
    {
        var (settlements, notes) = (Services.GetRequiredService<Settlements>(), Services.GetRequiredService<ErrorNotes>());
        return new()
        {
            Done = settlements.Done,
            Failed = async (job, error, isFinal, ct) =>
            {
                settlements.TryFailed(job, error, isFinal);
                await notes.HandleAsync(job, error, isFinal, ct);
                if (isFinal) settlements.Failed(job, error);
            },
        };
    }

    private async Task RunAsync(SqliteJobStore store, Settings settings, TimeProvider time, CancellationToken ct)
    {
        Services.GetRequiredService<AppRegistry>().Reload();
        await _web.StartAsync(ct);
        var options = settings.Jobs.WorkerOptions();
        var logger = Services.GetRequiredService<ILoggerFactory>().CreateLogger<JobWorker>();
        _worker = new(
            store, Services.GetRequiredService<JobQueue>(), ChatwootRegistration.Handlers(Services), Hooks(), options, time, logger);
        // Sessions first: a job must not find the session missing that is about to be there.
        await Services.GetRequiredService<SessionRegistry>().RestoreAsync(ct);
        Services.GetRequiredService<Ledger>().Start();
        Services.GetRequiredService<LedgerReconciler>().Start();
        Services.GetRequiredService<ChatwootReconciler>().Start();
        Services.GetRequiredService<Housekeeper>().Start();
        await _worker.StartAsync(ct);
        Services.GetRequiredService<ChatwootSchedules>().Start();
        _scheduler = new(store, Services.GetRequiredService<JobQueue>(), time, logger);
        _scheduler.Start();
    }
}

[JsonSerializable(typeof(System.Text.Json.Nodes.JsonObject))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonArray))]
internal sealed partial class ApiJson : JsonSerializerContext;
