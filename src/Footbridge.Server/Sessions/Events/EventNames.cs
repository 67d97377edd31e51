namespace Footbridge.Server.Sessions.Events;

/// <summary>The names of WAHA's events. Source of the list: docs/webhooks.md.</summary>
internal static class EventNames
{
    /// <summary>Stands for every event but <see cref="EngineEvent"/> and <see cref="StateChange"/>, which have to be named.</summary>
    public const string All = "*";

    public const string EngineEvent = "engine.event";
    public const string StateChange = "state.change";

    public static IReadOnlyList<string> Known { get; } =
    [
        PublicEvent.SessionStatus, PublicEvent.Message, PublicEvent.MessageAny, "message.reaction", PublicEvent.MessageAck, "message.ack.group", PublicEvent.MessageWaiting,
        "message.revoked", "message.edited", "group.v2.join", "group.v2.leave", "group.v2.participants", "group.v2.update", "group.join", "group.leave", "presence.update",
        "poll.vote", "poll.vote.failed", "chat.archive", "call.received", "call.accepted", "call.rejected", "label.upsert", "label.deleted", "label.chat.added",
        "label.chat.deleted", "event.response", "event.response.failed", EngineEvent, StateChange,
    ];

    public static bool IsKnown(string name) => name == All || Known.Contains(name, StringComparer.Ordinal);

    /// <summary>An event under each name it is told by: what somebody else wrote is <c>message</c> as well as <c>message.any</c>.</summary>
    public static IEnumerable<PublicEvent> Expand(PublicEvent publicEvent)
    {
        yield return publicEvent;
        if (publicEvent.Event != PublicEvent.MessageAny || publicEvent.Payload["fromMe"]?.GetValue<bool>() != false) yield break;
        yield return publicEvent with { Id = WahaIds.Derive("evt_", $"{PublicEvent.Message}|{publicEvent.Id}"), Event = PublicEvent.Message };
    }
}

/// <summary>Which events somebody wants to hear.</summary>
internal sealed record EventSelection(IReadOnlyList<string> Names)
{
    public bool Includes(string name) =>
        Names.Contains(name, StringComparer.Ordinal) || (Names.Contains(EventNames.All, StringComparer.Ordinal) && name is not (EventNames.EngineEvent or EventNames.StateChange));
}
