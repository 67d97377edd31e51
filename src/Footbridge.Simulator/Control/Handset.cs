using System.Text.Json.Nodes;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.Simulator.Control;

/// <summary>A phone as its owner sees it: when each message came, how far each has got, and what has been read.</summary>
internal sealed class Handset
{
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<long> _times = [];
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public Handset(FakePhone phone, TimeProvider time)
    {
        (Phone, _time) = (phone, time);
        phone.Changed += NoteTimes;
    }

    public event Action? Changed;

    public FakePhone Phone { get; }

    public string Number => Phone.Number.User;

    /// <summary>The owner opens a chat, or all of them: what is unread there is read, and its senders are told.</summary>
    /// <returns>How many messages that were.</returns>
    public int Read(string? chat)
    {
        List<PhoneMessage> unread;
        var messages = Look();
        lock (_gate) unread = [.. messages.Select(shown => shown.Message).Where(m => !m.IsFromMe && (chat is null || m.Chat.User == chat) && _read.Add(m.Id))];
        foreach (var message in unread) Phone.MarkRead(message);
        if (unread.Count > 0) Changed?.Invoke();
        return unread.Count;
    }

    public JsonObject Describe()
    {
        var screen = Look();
        var levels = Levels();
        lock (_gate)
        {
            var byId = screen.ToDictionary(shown => shown.Message.Id, StringComparer.Ordinal);
            return new()
            {
                ["number"] = Number,
                ["name"] = Phone.PushName,
                ["unread"] = screen.Count(shown => !shown.Message.IsFromMe && !_read.Contains(shown.Message.Id)),
                ["isTypedTo"] = Phone.People.Heard.LastOrDefault(heard => heard.Tag == "chatstate")?.Child("composing") is not null,
                ["messages"] = new JsonArray([.. screen.Select(shown => (JsonNode)Describe(shown, levels, byId))]),
            };
        }
    }

    private JsonObject Describe(ScreenMessage shown, Dictionary<string, string> levels, Dictionary<string, ScreenMessage> byId)
    {
        var message = shown.Message;
        var quoted = message.QuotedId is { } id ? byId.GetValueOrDefault(id) : null;
        var file = shown.IsDeleted ? null : PhoneView.FileOf(message.Content);
        return new()
        {
            ["id"] = message.Id,
            ["chat"] = message.Chat.User,
            ["fromMe"] = message.IsFromMe,
            ["text"] = shown.Text,
            ["at"] = shown.At,
            ["status"] = message.IsFromMe ? levels.GetValueOrDefault(message.Id, "sent") : _read.Contains(message.Id) ? "read" : "received",
            ["quote"] = message.QuotedId is null ? null : new JsonObject { ["id"] = message.QuotedId, ["text"] = quoted?.Text, ["fromMe"] = quoted?.Message.IsFromMe },
            ["file"] = file is var (name, contentType, isVoice) ? new JsonObject { ["name"] = name, ["contentType"] = contentType, ["isVoice"] = isVoice } : null,
            ["reactions"] = new JsonArray([.. shown.Reactions.Select(emoji => (JsonNode)emoji)]),
            ["isEdited"] = shown.IsEdited,
            ["isDeleted"] = shown.IsDeleted,
        };
    }

    private Dictionary<string, string> Levels()
    {
        var levels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var receipt in Phone.Receipts)
        {
            if (receipt.Type is "read" or "played") levels[receipt.MessageId] = "read";
            else if (receipt.Type == "delivery") levels.TryAdd(receipt.MessageId, "delivered");
        }

        return levels;
    }

    private void NoteTimes()
    {
        Look();
        Changed?.Invoke();
    }

    /// <summary>The screen. Messages carry no time of their own here: the phone shows when it first had each.</summary>
    private IReadOnlyList<ScreenMessage> Look()
    {
        lock (_gate)
        {
            var messages = Phone.Messages;
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            while (_times.Count < messages.Count) _times.Add(now);
            return PhoneView.Of(messages, _times);
        }
    }
}
