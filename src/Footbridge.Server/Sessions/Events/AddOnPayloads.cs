using System.Text.Json.Nodes;
using Footbridge.Engine.Events;

namespace Footbridge.Server.Sessions.Events;

/// <summary>Votes in polls and answers to events.</summary>
internal static class AddOnPayloads
{
    /// <summary>What WAHA writes for the account itself in a vote.</summary>
    private const string Me = "me";

    public static JsonObject Of(PollVoted voted)
    {
        var vote = Key(voted.MessageId, voted.Chat, voted.Voter, voted.IsFromMe);
        vote["selectedOptions"] = new JsonArray([.. (voted.SelectedOptions ?? []).Select(option => (JsonNode)option)]);
        vote["timestamp"] = voted.Time.ToUnixTimeSeconds();
        var data = new JsonObject();
        if (voted.Failure is { } failure) data["failure"] = failure;
        else data["totals"] = TotalsOf(voted);
        if (voted.Question is { } question) (data["question"], data["voters"]) = (question, voted.Voters);
        return new() { ["vote"] = vote, ["poll"] = Key(voted.Poll.MessageId, voted.Poll.Chat, voted.Poll.Author, voted.Poll.IsFromMe), ["_data"] = data };
    }

    /// <summary>By option; options that are called the same are the same to voters, and have the same total.</summary>
    private static JsonObject TotalsOf(PollVoted voted)
    {
        var totals = new JsonObject();
        foreach (var (option, total) in voted.Totals) totals[option] = total;
        return totals;
    }

    public static JsonObject Of(EventResponded responded)
    {
        var payload = MessagePayloads.Common(responded.MessageId, responded.Chat, responded.Person, responded.IsFromMe, responded.Time);
        payload["source"] = "app";
        payload["body"] = null;
        payload["hasMedia"] = false;
        payload["ack"] = (int)AckLevel.Device;
        payload["ackName"] = AckPayloads.NameOf(AckLevel.Device);
        payload["vCards"] = new JsonArray();
        payload["eventCreationKey"] = Key(responded.Event.MessageId, responded.Event.Chat, responded.Event.Author, responded.Event.IsFromMe);
        payload["eventResponse"] = responded.Answer is not { } answer ? null : new JsonObject
        {
            ["response"] = NameOf(answer),
            ["timestampMs"] = responded.Time.ToUnixTimeMilliseconds(),
            ["extraGuestCount"] = responded.ExtraGuests,
        };
        payload["_data"] = new JsonObject { ["pushName"] = responded.PushName, ["failure"] = responded.Failure };
        return payload;
    }

    private static JsonObject Key(string id, Party chat, Party author, bool isFromMe)
    {
        var chatId = WahaIds.ChatId(chat);
        var isGroup = chat.Address.IsGroup;
        var key = new JsonObject
        {
            ["id"] = MessagePayloads.IdOf(id, chat, author, isFromMe),
            ["to"] = isFromMe || isGroup ? chatId : Me,
            ["from"] = isFromMe ? Me : isGroup ? WahaIds.ChatId(author) : chatId,
            ["fromMe"] = isFromMe,
        };
        if (MessagePayloads.ParticipantOf(chat, author) is { } participant) key["participant"] = participant;
        return key;
    }

    private static string NameOf(EventAnswer answer) => answer switch
    {
        EventAnswer.Going => "GOING",
        EventAnswer.NotGoing => "NOT_GOING",
        EventAnswer.Maybe => "MAYBE",
        _ => "UNKNOWN",
    };
}
