using System.Text.Json.Nodes;
using Footbridge.Server.Api;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Calls;

/// <summary>What becomes of calls of one kind.</summary>
/// <param name="Message">What the caller is written, whether or not the call is rejected; null: nothing.</param>
internal sealed record CallRules(bool Rejects, string? Message, TimeSpan WaitBeforeDecline, TimeSpan WaitBeforeResponse)
{
    /// <summary>A call rings about a minute.</summary>
    private const double MaxWaitSeconds = 60;

    /// <exception cref="InvalidRequestException">A field is of the wrong kind.</exception>
    public static CallRules Read(JsonObject config, string name)
    {
        var rules = Body.Object(config, name) ?? [];
        var message = Body.Text(rules, "message")?.Trim();
        return new(Body.Flag(rules, "reject") ?? true, message is { Length: > 0 } ? message : null, Wait(rules, name, "waitBeforeDecline"), Wait(rules, name, "waitBeforeResponse"));
    }

    private static TimeSpan Wait(JsonObject rules, string name, string field)
    {
        if (rules[field] is not { } node) return TimeSpan.Zero;
        if (!double.TryParse(node.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var seconds) || !double.IsFinite(seconds)) throw new InvalidRequestException($"{name}.{field} must be a number");
        return seconds is >= 0 and <= MaxWaitSeconds ? TimeSpan.FromSeconds(seconds) : throw new InvalidRequestException($"{name}.{field} must be between 0 and {MaxWaitSeconds}");
    }
}

/// <summary>The settings of the app that answers calls: of one person, and in groups.</summary>
internal sealed record CallsConfig(CallRules Direct, CallRules Group)
{
    /// <exception cref="InvalidRequestException">A field is of the wrong kind.</exception>
    public static CallsConfig Read(JsonObject config) => new(CallRules.Read(config, "dm"), CallRules.Read(config, "group"));
}
