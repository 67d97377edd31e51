using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Engine.Presence;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions.Events;
using Footbridge.Server.Storage;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Sessions;

/// <summary>Engine events as the public events of WAHA. Source of the shapes: docs/compatibility.md.</summary>
internal sealed class SessionEvents(string session, MediaLinks links, Func<MeInfo?> me)
{
    /// <summary>What the ledger keeps for an engine event.</summary>
    public IEnumerable<LedgerEntry> For(EngineEvent engineEvent)
    {
        foreach (var publicEvent in Describe(engineEvent))
        {
            Traces.Received(publicEvent);
            yield return new(publicEvent.Id, publicEvent.Write());
        }
    }

    public PublicEvent Status(string status, IEnumerable<(string Status, long At)> last, JsonObject? data, long at)
    {
        var payload = new JsonObject
        {
            ["name"] = session,
            ["status"] = status,
            ["statuses"] = new JsonArray([.. last.Select(s => (JsonNode)new JsonObject { ["status"] = s.Status, ["timestamp"] = s.At })]),
            ["data"] = data?.DeepClone(),
        };
        return new("evt_" + WahaIds.NewUlid(), at, PublicEvent.SessionStatus, session, me(), payload);
    }

    /// <summary>Presence is live only, so each time it is told it is another event.</summary>
    public PublicEvent Presence(PresenceUpdate update, long at) =>
        new("evt_" + WahaIds.NewUlid(), at, PresencePayloads.Event, session, me(), PresencePayloads.Of(update)) { ChatPhone = update.Chat.Phone?.ToString(), ChatLid = update.Chat.Lid?.ToString() };

    private IEnumerable<PublicEvent> Describe(EngineEvent engineEvent) => engineEvent switch
    {
        MessageReceived message => ChangePayloads.Describe(message, links.Describe(session, message)).Select(told => Make(message, told.Event, told.Payload, message.Chat)),
        MessageWaiting waiting => [Make(waiting, PublicEvent.MessageWaiting, MessagePayloads.Of(waiting), waiting.Chat)],
        MessageAcked { IsFromMe: true } acked => [Make(acked, AckPayloads.EventOf(acked), AckPayloads.Of(acked), acked.Chat)],
        PollVoted voted => [Make(voted, voted.SelectedOptions is null ? PublicEvent.PollVoteFailed : PublicEvent.PollVote, AddOnPayloads.Of(voted), voted.Chat)],
        EventResponded responded => [Make(responded, responded.Answer is null ? PublicEvent.EventResponseFailed : PublicEvent.EventResponse, AddOnPayloads.Of(responded), responded.Chat)],
        CallEvent call => [Make(call, CallPayloads.EventOf(call), CallPayloads.Of(call), call.From)],
        GroupJoined joined => [MakeGroup(joined, PublicEvent.GroupJoin, GroupPayloads.Of(joined), joined.Group), MakeGroup(joined, PublicEvent.OldGroupJoin, GroupPayloads.Old(joined), joined.Group)],
        GroupLeft left => [MakeGroup(left, PublicEvent.GroupLeave, GroupPayloads.Of(left), left.Group), MakeGroup(left, PublicEvent.OldGroupLeave, GroupPayloads.Old(left), left.Group)],
        GroupParticipantsChanged changed => [MakeGroup(changed, PublicEvent.GroupParticipants, GroupPayloads.Of(changed), changed.Group)],
        GroupUpdated updated => [MakeGroup(updated, PublicEvent.GroupUpdate, GroupPayloads.Of(updated), updated.Group)],
        ChannelCounted counted => [Make(counted, EventNames.EngineEvent, ChannelPayloads.Of(counted), new(counted.Channel, null, null))],
        _ when StatePayloads.Of(engineEvent) is { } state => [Make(engineEvent, state.Name, state.Payload, state.Chat)],
        _ => [],
    };

    private PublicEvent MakeGroup(EngineEvent source, string name, JsonObject payload, Protocol.Xml.Jid group) => Make(source, name, payload, new(group, null, null));

    private PublicEvent Make(EngineEvent source, string name, JsonObject payload, Party chat) =>
        new(WahaIds.Derive("evt_", $"{session}|{name}|{source.Id}"), source.Time.ToUnixTimeMilliseconds(), name, session, me(), payload)
        {
            ChatPhone = chat.Phone?.ToString(),
            ChatLid = chat.Lid?.ToString(),
            Tag = (source as MessageReceived)?.Tag,
        };
}
