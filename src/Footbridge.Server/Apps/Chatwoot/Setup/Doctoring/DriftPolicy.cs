using System.Text.Json.Nodes;
using Footbridge.Server.Api;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;

/// <summary><c>footbridge.drift</c>: what is put right by itself when somebody changed it in Chatwoot.</summary>
internal static class DriftPolicy
{
    private const string Name = "drift";
    private const string Report = "report";
    private const string Repair = "repair";

    // The first is the default.
    private static readonly string[] Words = ["safe", Report, Repair];

    /// <exception cref="InvalidRequestException">It is no such word.</exception>
    public static void Check(JsonObject config) => ChatwootConfig.Choice(OwnOf(config), Name, $"footbridge.{Name}", Words);

    /// <summary>What an app has; a word from before it was checked counts as the default.</summary>
    public static Repairs Of(JsonObject config) => Body.Text(OwnOf(config), Name) switch
    {
        Report => Repairs.None,
        Repair => Repairs.All,
        _ => Repairs.Safe,
    };

    private static JsonObject OwnOf(JsonObject config) => Body.Object(config, "footbridge") ?? [];
}
