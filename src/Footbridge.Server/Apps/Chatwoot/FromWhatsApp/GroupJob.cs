using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>A group that has a conversation keeps its name there, and agents read who came, went, or may do more or less.</summary>
internal sealed class GroupJob(ChatwootApps apps, IChatPlaces places, ChatContacts chats, NameBook names, GroupSizes sizes, JobErrors errors, Decisions decisions)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => TellAsync(job, EventData.Read(job.Payload), ct));

    private async Task TellAsync(JobContext job, EventData data, CancellationToken ct)
    {
        var chat = ChatKey.Of(data.Event);
        sizes.Forget(data.Event.Session, Jid.Parse(chat));
        if (await places.FindAsync(data.App, chat, ct) is not { } place)
        {
            decisions.Say(job, "the group has no conversation yet");
            return;
        }

        var context = await apps.OpenAsync(data.App, job.Class, ct);
        if (data.Event.Payload["group"]?["subject"]?.ToString() is { Length: > 0 } subject) await chats.RenameAsync(context, Jid.Parse(chat), subject, ct);
        if (data.Event.Event != PublicEvent.GroupParticipants || await TextAsync(context, data.Event, ct) is not { } text)
        {
            decisions.Say(job, "the group's contact is as the group", place.Conversation);
            return;
        }

        var note = new JsonObject { ["content"] = Liquid.Escape(text), ["message_type"] = "outgoing", ["private"] = true };
        try
        {
            var posted = await Lookback.SayOnceAsync(job.Runs > 1, context, place.Conversation, data.Event.Id, note, ct);
            decisions.Say(job, $"told as message {posted.Id}", place.Conversation, posted.Id);
        }
        catch (ChatwootException e) when (e.Status == 404)
        {
            await places.ForgetAsync(data.App, chat, ct);
            decisions.Say(job, "the group's conversation was deleted");
        }
    }

    private async ValueTask<string?> TextAsync(ChatwootContext context, PublicEvent e, CancellationToken ct)
    {
        var key = e.Payload["type"]?.ToString() switch
        {
            "join" => Key.GroupJoined,
            "leave" => Key.GroupLeft,
            "promote" => Key.GroupPromoted,
            "demote" => Key.GroupDemoted,
            _ => null,
        };
        if (key is null) return null;
        var people = new List<string>();
        foreach (var member in (e.Payload["participants"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var id = (member["pn"] ?? member["id"])?.ToString() ?? "";
            people.Add(WahaIds.ParseChatId(id) is { } person ? await names.ShownAsync(e.Session, person, null, ct) : id);
        }

        return people.Count == 0 ? null : context.Words.Say(key, new { people = string.Join(", ", people) });
    }
}
