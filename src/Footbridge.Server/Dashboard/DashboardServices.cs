using System.Diagnostics;
using Footbridge.Jobs;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Apps;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.Setup;
using Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Dashboard.Access;
using Footbridge.Server.Dashboard.Actions;
using Footbridge.Server.Dashboard.Board;
using Footbridge.Server.Dashboard.Frame;
using Footbridge.Server.Dashboard.Jobs;
using Footbridge.Server.Dashboard.Lanes;
using Footbridge.Server.Dashboard.Messages;
using Footbridge.Server.Dashboard.Setup;
using Footbridge.Server.Security;
using Footbridge.Server.Security.Keys;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;
using Microsoft.AspNetCore.DataProtection;
using MudBlazor.Services;

namespace Footbridge.Server.Dashboard;

/// <summary>What the pages are made of: the product's own parts, Blazor, MudBlazor, and the login.</summary>
internal static class DashboardServices
{
    public static ServiceCollection Create(IServiceProvider product)
    {
        var services = new ServiceCollection();
        Borrow<ILoggerFactory>(services, product);
        Borrow<IConfiguration>(services, product);
        Borrow<IWebHostEnvironment>(services, product);
        Borrow<IHostEnvironment>(services, product);
        Borrow<IHostApplicationLifetime>(services, product);
        Borrow<DiagnosticListener>(services, product);
        Borrow<DiagnosticSource>(services, product);
        BorrowParts(services, product);
        services.AddLogging().AddRouting();
        services.AddDataProtection().SetApplicationName("Footbridge").PersistKeysToFileSystem(LoginCookie.KeyFolder(product.GetRequiredService<Settings>()));
        services.AddAuthentication(LoginCookie.Scheme).AddCookie(LoginCookie.Scheme, LoginCookie.Configure);
        services.AddAntiforgery(LoginCookie.Protect);
        services.AddRazorComponents().AddInteractiveServerComponents(options => options.DisconnectedCircuitMaxRetained = 20);
        services.AddMudServices(options => options.SnackbarConfiguration.PositionClass = MudBlazor.Defaults.Classes.Position.BottomCenter);
        services.AddSingleton<Feed>().AddSingleton<AuditLog>().AddSingleton<Operator>().AddSingleton<BulkRuns>().AddSingleton<BoardReader>().AddSingleton<JobLinks>().AddSingleton<JobReader>().AddSingleton<QueueReader>().AddSingleton<LaneReader>().AddSingleton<MessageReader>().AddSingleton<ReconciliationReader>();
        services.AddSingleton<SetupOperator>().AddSingleton<SetupReader>();
        services.AddScoped<Person>();
        return services;
    }

    public static void Map(IEndpointRouteBuilder pages)
    {
        LoginEndpoints.Map(pages);
        pages.MapRazorComponents<App>().AddInteractiveServerRenderMode(options =>
        {
            // Our own headers forbid framing; what is sent holds secrets beside what others chose, so it is not compressed together.
            options.DisableWebSocketCompression = true;
            options.ContentSecurityFrameAncestorsPolicy = null;
        });
    }

    private static void BorrowParts(ServiceCollection services, IServiceProvider product)
    {
        Borrow<Settings>(services, product);
        Borrow<TimeProvider>(services, product);
        Borrow<SqliteDatabase>(services, product);
        Borrow<Secrets>(services, product);
        Borrow<PageUsers>(services, product);
        Borrow<IJobStore>(services, product);
        Borrow<IJobMonitor>(services, product);
        Borrow<JobQueue>(services, product);
        Borrow<AppRegistry>(services, product);
        Borrow<ChatPlaces>(services, product);
        Borrow<Deliveries>(services, product);
        Borrow<Timeline>(services, product);
        Borrow<Reconciliation>(services, product);
        Borrow<Settlements>(services, product);
        Borrow<SessionRegistry>(services, product);
        Borrow<ApiKeys>(services, product);
        Borrow<PhoneLinks>(services, product);
        Borrow<Locales>(services, product);
        Borrow<Onboarding>(services, product);
        Borrow<Doctor>(services, product);
        Borrow<DriftWatch>(services, product);
    }

    // By instance: what is borrowed is not disposed of here.
    private static void Borrow<T>(ServiceCollection services, IServiceProvider product)
        where T : class => services.AddSingleton(product.GetRequiredService<T>());
}
