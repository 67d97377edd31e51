using System.Net;
using Footbridge.Server.Config;

namespace Footbridge.Server;

/// <summary>What every process of the product has in common, whatever its roles.</summary>
internal static class Hosting
{
    private const int MaxRequestBytes = 50 * 1024 * 1024;

    public static WebApplicationBuilder NewBuilder(Settings settings)
    {
        // Settings come from the environment alone; a watcher on the working folder would wake at every write of the database.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        Filter(builder.Logging, settings);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            if (settings.Bind == "*") kestrel.ListenAnyIP(settings.Port);
            else kestrel.Listen(IPAddress.Parse(settings.Bind), settings.Port);
        });
        return builder;
    }

    /// <summary>For what is logged before the host is there, in the same words.</summary>
    public static ILoggerFactory Loggers(Settings settings) => LoggerFactory.Create(logging => Filter(logging.AddSimpleConsole(), settings));

    private static void Filter(ILoggingBuilder logging, Settings settings) =>
        logging.SetMinimumLevel(settings.LogLevel).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning)
            // It warns that the keys of logins lie in the data folder in the clear: so does everything else there, for the owner of the folder alone.
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
}
