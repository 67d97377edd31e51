using System.Text.Json.Serialization;
using Footbridge.Jobs;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Api;
using Footbridge.Server.Api.Apps;
using Footbridge.Server.Api.Calls;
using Footbridge.Server.Api.Channels;
using Footbridge.Server.Api.Chats;
using Footbridge.Server.Api.Chatting;
using Footbridge.Server.Api.Contacts;
using Footbridge.Server.Api.Groups;
using Footbridge.Server.Api.Jobs;
using Footbridge.Server.Api.Keys;
using Footbridge.Server.Api.Labels;
using Footbridge.Server.Api.Lids;
using Footbridge.Server.Api.Media;
using Footbridge.Server.Api.Observability;
using Footbridge.Server.Api.Pairing;
using Footbridge.Server.Api.Presence;
using Footbridge.Server.Api.Profile;
using Footbridge.Server.Api.Sessions;
using Footbridge.Server.Api.Status;
using Footbridge.Server.Apps;
using Footbridge.Server.Apps.Calls;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.Reconcile;
using Footbridge.Server.Apps.Chatwoot.Scheduled;
using Footbridge.Server.Config;
using Footbridge.Server.Dashboard;
using Footbridge.Server.Media;
using Footbridge.Server.Security;
using Footbridge.Server.Security.Keys;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sockets;
using Footbridge.Server.Storage;
using Footbridge.Server.Storage.Archive;
using Footbridge.Server.Storage.Labels;
using Footbridge.Server.Telemetry;
using Footbridge.Server.Webhooks;
using Footbridge.Server.Workers;

namespace Footbridge.Server;

/// <summary>The whole product in one process: opened, started, and stopped in the right order.</summary>
internal sealed class Product : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly SqliteDatabase _database;
    private readonly Broker _broker;
    private JobRunning? _running;
    private int _disposed;

    private Product(WebApplication web, SqliteDatabase database, Broker broker, Secrets secrets) => (_web, _database, _broker, Secrets) = (web, database, broker, secrets);

    public Secrets Secrets { get; }

    public Uri Url => new(_web.Urls.First().Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal));

    public IServiceProvider Services => _web.Services;

    /// <summary>Opens the data folder and begins to serve.</summary>
    /// <exception cref="DatabaseInUseException">Another process holds the data.</exception>
    public static async Task<Product> StartAsync(Settings settings, TimeProvider time, CancellationToken ct)
    {
        var secrets = Secrets.Open(settings);
        var database = SqliteDatabase.Open(Path.Combine(settings.DataFolder, "footbridge.db"));
        Broker? broker = null;
        try
        {
            await Schema.MigrateAsync(database, ct);
            broker = await Broker.OpenAsync(settings, database, time, ct);
            var product = new Product(Build(settings, time, database, broker, secrets), database, broker, secrets);
            await product.RunAsync(settings, time, ct);
            return product;
        }
        catch
        {
            if (broker is not null) await broker.DisposeAsync();
            await database.DisposeAsync();
            throw;
        }
    }

    public Task WaitForShutdownAsync(CancellationToken ct) => _web.WaitForShutdownAsync(ct);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _web.StopAsync();
        await _web.Services.GetRequiredService<CallbackDoor>().DisposeAsync();
        if (_running is not null) await _running.DisposeAsync();
        await _web.Services.GetRequiredService<TypingMirror>().DisposeAsync();
        await _web.Services.GetRequiredService<ChatwootSchedules>().DisposeAsync();
        await _web.Services.GetRequiredService<MediaFetcher>().DisposeAsync();
        await _web.Services.GetRequiredService<MediaSweeper>().DisposeAsync();
        await _web.Services.GetRequiredService<CallAnswers>().DisposeAsync();
        await _web.Services.GetRequiredService<SessionRegistry>().DisposeAsync();
        await _web.Services.GetRequiredService<ChatwootReconciler>().DisposeAsync();
        await _web.Services.GetRequiredService<LedgerReconciler>().DisposeAsync();
        await _web.Services.GetRequiredService<Ledger>().DisposeAsync();
        await _web.Services.GetRequiredService<Settlements>().DisposeAsync();
        await _web.Services.GetRequiredService<Housekeeper>().DisposeAsync();
        await _web.DisposeAsync();
        await _broker.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static WebApplication Build(Settings settings, TimeProvider time, SqliteDatabase database, Broker broker, Secrets secrets)
    {
        var builder = Hosting.NewBuilder(settings);
        var services = builder.Services;
        services.AddSingleton(settings).AddSingleton(time).AddSingleton(database).AddSingleton(secrets).AddSingleton(broker).AddSingleton(broker.Store).AddSingleton(broker.Monitor);
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
        web.UseWhen(context => context.Request.Path == EventSocket.Path, branch => branch.UseWebSockets());
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
        builder.Services.AddSingleton<SqliteDatabase>(_ => throw new NotSupportedException()).AddSingleton<Broker>(_ => throw new NotSupportedException()).AddSingleton<IJobStore>(_ => throw new NotSupportedException())
            .AddSingleton<IJobMonitor>(_ => throw new NotSupportedException()).AddSingleton<Settings>().AddSingleton(TimeProvider.System);
        AddParts(builder.Services);
        var web = builder.Build();
        MapRoutes(web);
        return [.. ((IEndpointRouteBuilder)web).DataSources.SelectMany(source => source.Endpoints)];
    }

    private static void AddParts(IServiceCollection services)
    {
        services.AddSingleton<EngineOptions>().AddSingleton<JobQueue>().AddSingleton<Ledger>().AddSingleton<SessionRegistry>().AddSingleton<Housekeeper>().AddSingleton<PageUsers>().AddSingleton<ApiKeys>().AddSingleton<KeyGuard>().AddSingleton<DashboardHost>();
        services.AddSingleton<Deliveries>().AddSingleton<Timeline>().AddSingleton<Reconciliation>().AddSingleton<LastPasses>().AddSingleton<Decisions>();
        services.AddSingleton<LaneTails>().AddSingleton<IBookKeeper, LocalBookKeeper>().AddSingleton<Settlements>().AddSingleton<LaneFeed>().AddSingleton<LedgerReconciler>();
        services.AddMedia();
        services.AddSingleton<LinkPages>().AddSingleton<LinkPictures>().AddSingleton<LinkPreviews>().AddSingleton<FileMessages>().AddSingleton<ForwardedFiles>();
        services.AddSingleton<LabelTable>().AddSingleton<IEventProjection>(all => all.GetRequiredService<LabelTable>());
        services.AddChatwootApp();
        services.AddChatwootJobs();
        services.AddSingleton<SessionProfiles>().AddSingleton<SessionTable>().AddSingleton<SessionStores>().AddSingleton<SessionFactory>();
        services.AddSingleton<LiveEvents>().AddSingleton<PhoneLinks>().AddSingleton<CallAnswers>();
        services.AddArchive();
        services.AddSingleton<MessageShapes>();
        services.AddWebhooks();
        services.AddWebhookJobs();
        services.AddWorkerCalls();
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
        RequestCode.Map(web);
        Passkeys.Map(web);
        GetScreenshot.Map(web);
        PhoneLinkPage.Map(web);
        OldSessions.Map(web);
        ServerControl.Map(web);
        ServerDebug.Map(web);
        KeyEndpoints.Map(web);
        SendText.Map(web);
        ListGroups.Map(web);
        GetGroup.Map(web);
        ChangeGroup.Map(web);
        GroupInvites.Map(web);
        GroupMembersApi.Map(web);
        ReadChannels.Map(web);
        ChangeChannels.Map(web);
        SearchChannels.Map(web);
        PostStatus.Map(web);
        PostStatusFiles.Map(web);
        StarMessage.Map(web);
        ChangeChat.Map(web);
        SaveContact.Map(web);
        LabelEndpoints.Map(web);
        ChatLabels.Map(web);
        SendFiles.Map(web);
        ConvertMedia.Map(web);
        GetFile.Map(web);
        ListChats.Map(web);
        ChatsOverview.Map(web);
        ListMessages.Map(web);
        GetMessage.Map(web);
        ReadMessages.Map(web);
        ReadContacts.Map(web);
        EventSocket.Map(web);
        SendLinks.Map(web);
        SendLocation.Map(web);
        SendContactVcard.Map(web);
        SendPoll.Map(web);
        SendMenus.Map(web);
        SendEvent.Map(web);
        ForwardMessage.Map(web);
        React.Map(web);
        SendSeen.Map(web);
        NewMessageId.Map(web);
        ChangeMessages.Map(web);
        CheckExists.Map(web);
        ContactAbout.Map(web);
        BlockContact.Map(web);
        Pictures.Map(web);
        LidLookups.Map(web);
        PresenceEndpoints.Map(web);
        ProfileEndpoints.Map(web);
        RejectCall.Map(web);
        AppEndpoints.Map(web);
        GetReconciliation.Map(web);
        GetTimeline.Map(web);
        DoctorEndpoints.Map(web);
        GetJob.Map(web);
        ChatwootWebhook.Map(web);
        WorkerApi.Map(web);
        NotYet.Map(web);
    }

    private async Task RunAsync(Settings settings, TimeProvider time, CancellationToken ct)
    {
        Services.GetRequiredService<AppRegistry>().Reload();
        Services.GetRequiredService<CallAnswers>().Start();
        await Services.GetRequiredService<CallbackDoor>().TakeOnHeldAsync();
        await _web.StartAsync(ct);
        await Services.GetRequiredService<MediaSweeper>().StartAsync(ct);
        // Sessions first: a job must not find the session missing that is about to be there.
        await Services.GetRequiredService<SessionRegistry>().RestoreAsync(ct);
        Services.GetRequiredService<MediaFetcher>().Start();
        Services.GetRequiredService<Ledger>().Start();
        Services.GetRequiredService<LedgerReconciler>().Start();
        Services.GetRequiredService<ChatwootReconciler>().Start();
        Services.GetRequiredService<Housekeeper>().Start();
        Services.GetRequiredService<ChatwootSchedules>().Start();
        Services.GetRequiredService<TypingMirror>().Start();
        if (!settings.Roles.HasFlag(Roles.Worker)) return;
        _running = new(Services, settings, time);
        _running.Start();
    }
}

[JsonSerializable(typeof(System.Text.Json.Nodes.JsonObject))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonArray))]
internal sealed partial class ApiJson : JsonSerializerContext;
