using Footbridge.Protocol.Generated;

namespace Footbridge.Engine.Messages.Contents;

/// <summary>A date that people can accept.</summary>
public sealed record PlannedEvent(string Name, DateTimeOffset Start)
{
    public DateTimeOffset? End { get; init; }

    public string? Description { get; init; }

    public string? Place { get; init; }

    public bool AllowsExtraGuests { get; init; }
}

/// <summary>Events. Source: docs/protocol/message-kinds.md.</summary>
public static class EventContents
{
    public static Message Event(PlannedEvent planned, MessageContext? context = null)
    {
        var content = new Message.Types.EventMessage
        {
            Name = planned.Name,
            IsCanceled = false,
            StartTime = planned.Start.ToUnixTimeSeconds(),
            ExtraGuestsAllowed = planned.AllowsExtraGuests,
            ContextInfo = context?.Build(),
        };
        if (planned.End is { } end) content.EndTime = end.ToUnixTimeSeconds();
        if (!string.IsNullOrEmpty(planned.Description)) content.Description = planned.Description;
        if (!string.IsNullOrEmpty(planned.Place)) content.Location = new() { DegreesLatitude = 0, DegreesLongitude = 0, Name = planned.Place };
        return new() { EventMessage = content };
    }
}
