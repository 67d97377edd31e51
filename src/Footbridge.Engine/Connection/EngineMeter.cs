using System.Diagnostics.Metrics;

namespace Footbridge.Engine.Connection;

/// <summary>Counters by which an operator sees that WhatsApp has begun to say things this engine does not know.</summary>
public static class EngineMeter
{
    public const string Name = "Footbridge.Engine";
    private const int MaxTypeLength = 40;
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Unknown = Meter.CreateCounter<long>("footbridge.whatsapp.unknown_notifications", description: "Notifications of a type that has no handler; they are acknowledged.");

    internal static void UnknownNotification(string? type) =>
        Unknown.Add(1, new KeyValuePair<string, object?>("type", type is { Length: > 0 and <= MaxTypeLength } ? type : "other"));
}
