using System.Collections;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Observability;

/// <summary>The process itself: its environment, without secrets, and its end.</summary>
internal static partial class ServerControl
{
    private const string Masked = "[redacted]";
    private static readonly TimeSpan StopDelay = TimeSpan.FromSeconds(1);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/server/environment", Environment_).WithTags("Observability").WithSummary("secrets are masked");
        api.MapPost("/api/server/stop", Stop).WithTags("Observability");
    }

    /// <summary>A variable's value as it may be shown.</summary>
    internal static string Show(string name, string value) => SecretName().IsMatch(name) ? Masked : Login().Replace(value, "://" + Masked + "@");

    private static JsonObject Environment_(bool? all)
    {
        var shown = new JsonObject();
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => (Name: (string)e.Key, Value: (string?)e.Value ?? ""));
        foreach (var (name, value) in variables.Where(v => all is true || IsOurs(v.Name)).OrderBy(v => v.Name, StringComparer.Ordinal)) shown[name] = Show(name, value);
        return shown;
    }

    /// <summary>Answers first: the caller hears that it was heard. A supervisor starts the process again.</summary>
    private static IResult Stop(RequestBody body, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        var isForced = Body.Flag(body.Json, "force") ?? false;
        StopSoon(isForced, lifetime, time);
        return Results.Json(new JsonObject { ["stopping"] = true }, statusCode: 201);
    }

    /// <summary>Stops the process after whoever asked for it has had an answer.</summary>
    public static void StopSoon(bool isForced, IHostApplicationLifetime lifetime, TimeProvider time) => _ = StopAsync(isForced, lifetime, time);

    private static async Task StopAsync(bool isForced, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        await Task.Delay(StopDelay, time, CancellationToken.None);
        if (isForced) Environment.Exit(0);
        lifetime.StopApplication();
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("WAHA_", StringComparison.Ordinal) || name.StartsWith("WHATSAPP_", StringComparison.Ordinal) || name.StartsWith("FOOTBRIDGE_", StringComparison.Ordinal) || name == "DEBUG";

    [GeneratedRegex("KEY|PASSWORD|SECRET|TOKEN|CREDENTIAL", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex("://[^/@\\s]+@")]
    private static partial Regex Login();
}
