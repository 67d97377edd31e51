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
        lock (_gate) unread = [.. Phone.Messages.Where(m => !m.IsFromMe && (chat is null || m.Chat.User == chat) && _read.Add(m.Id))];
        foreach (var message in unread) Phone.MarkRead(message);
        if (unread.Count > 0) Changed?.Invoke();
        return unread.Count;
    }

    public JsonObject Describe()
    {
        NoteTimes(out var messages);
        var levels = Levels();
        lock (_gate)
        {
            var byId = messages.ToDictionary(m => m.Id, StringComparer.Ordinal);
            return new()
            {
                ["number"] = Number,
                ["name"] = Phone.PushName,
                ["unread"] = messages.Count(m => !m.IsFromMe && !_read.Contains(m.Id)),
                ["messages"] = new JsonArray([.. messages.Select((m, i) => (JsonNode)Describe(m, _times[i], levels, byId))]),
            };
        }
    }

    private JsonObject Describe(PhoneMessage message, long at, Dictionary<string, string> levels, Dictionary<string, PhoneMessage> byId)
    {
        var quoted = message.QuotedId is { } id ? byId.GetValueOrDefault(id) : null;
        return new()
        {
            ["id"] = message.Id,
            ["chat"] = message.Chat.User,
            ["fromMe"] = message.IsFromMe,
            ["text"] = message.Text,
            ["at"] = at,
            ["status"] = message.IsFromMe ? levels.GetValueOrDefault(message.Id, "sent") : _read.Contains(message.Id) ? "read" : "received",
            ["quote"] = message.QuotedId is null ? null : new JsonObject { ["id"] = message.QuotedId, ["text"] = quoted?.Text, ["fromMe"] = quoted?.IsFromMe },
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
        NoteTimes(out _);
        Changed?.Invoke();
    }

    /// <summary>Messages carry no time of their own here: the phone shows when it first had each.</summary>
    private void NoteTimes(out IReadOnlyList<PhoneMessage> messages)
    {
        lock (_gate)
        {
            messages = Phone.Messages;
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            while (_times.Count < messages.Count) _times.Add(now);
        }
    }
}
