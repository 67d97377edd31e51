using Footbridge.Protocol.Generated;

namespace Footbridge.Engine.Messages.Details;

/// <summary>A planned event.</summary>
/// <param name="Place">Where: a name, or else an address.</param>
/// <param name="JoinLink">Of a call.</param>
/// <param name="IsCall">It is a call at that time, and nobody goes anywhere.</param>
public sealed record EventDetail(
    string? Name, string? Description, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, string? Place, string? JoinLink, bool IsCancelled, bool IsCall, bool AllowsGuests) : MessageDetail
{
    internal static EventDetail? Of(Message content)
    {
        if (content.EventMessage is not { } planned) return null;
        return new(
            Texts.Filled(planned.Name), Texts.Filled(planned.Description), Texts.Time(planned.StartTime), Texts.Time(planned.EndTime),
            Texts.Filled(planned.Location?.Name) ?? Texts.Filled(planned.Location?.Address), Texts.Filled(planned.JoinLink), planned.IsCanceled, planned.IsScheduleCall, planned.ExtraGuestsAllowed);
    }
}
