using Footbridge.Jobs;

namespace Footbridge.Server.Storage;

internal enum DeliveryDirection
{
    ToChatwoot = 0,
    ToWhatsApp = 1,
    ToWebhook = 2,
}

internal enum DeliveryState
{
    /// <summary>On its way: in the broker, or about to be.</summary>
    Pending = 0,

    /// <summary>Its job has done what there was to do.</summary>
    Delivered = 1,

    /// <summary>Given up on purpose: by an operator, or because its app is gone.</summary>
    Dropped = 2,

    /// <summary>Could not be delivered; a person has been told and decides.</summary>
    Quarantined = 3,
}

/// <summary>A job that carries something for a person, with what people look it up by.</summary>
/// <param name="Job">Its id is the same each time the same thing is told.</param>
internal sealed record Delivery(JobRequest Job, string App, DeliveryDirection Direction)
{
    /// <summary>The chat's key.</summary>
    public string? Chat { get; init; }

    public long? Conversation { get; init; }

    /// <summary>The raw WhatsApp id.</summary>
    public string? WaId { get; init; }

    public long? CwId { get; init; }
}

/// <summary>How much of one direction is on its way.</summary>
/// <param name="Oldest">When the first of them was received; null when there is none.</param>
internal sealed record PendingDeliveries(DeliveryDirection Direction, long Count, DateTimeOffset? Oldest);

/// <summary>A delivery as the ledger keeps it.</summary>
internal sealed record DeliveryRow(string JobId, string App, DeliveryDirection Direction, string Queue, string Lane, DeliveryState State)
{
    /// <summary>The ledger's own order.</summary>
    public required long Seq { get; init; }

    public string? Chat { get; init; }

    public long? Conversation { get; init; }

    public string? WaId { get; init; }

    public long? CwId { get; init; }

    /// <summary>What was decided in the end, or why it could not be delivered.</summary>
    public string? Reason { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When it was first handed to the broker, when that is known.</summary>
    public DateTimeOffset? QueuedAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>Tries that were made, the last one included; 0 while it is pending.</summary>
    public int Attempts { get; init; }
}

/// <summary>Something that happened to a delivery on its way.</summary>
internal sealed record DeliveryHop(DateTimeOffset At, string Kind, int? Attempt, string? Text);
