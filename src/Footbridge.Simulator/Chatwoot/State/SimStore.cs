using System.Text.Json.Nodes;

namespace Footbridge.Simulator.Chatwoot.State;

/// <summary>One account with one API inbox: contacts, conversations, messages. Every call is atomic.</summary>
internal sealed class SimStore(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, SimContact> _contacts = [];
    private readonly Dictionary<long, SimConversation> _conversations = [];
    private readonly Dictionary<long, SimMessage> _messages = [];
    private readonly List<JsonObject> _attributes = [];
    private readonly List<(Func<bool> Condition, TaskCompletionSource Met)> _waiting = [];
    private long _lastId = 100;

    public event Action? Changed;

    /// <summary>Raised for each new message, outside any lock.</summary>
    public event Action<SimMessage, SimConversation>? Added;

    public T Read<T>(Func<IReadOnlyDictionary<long, SimContact>, IReadOnlyDictionary<long, SimConversation>, T> read)
    {
        lock (_gate) return read(_contacts, _conversations);
    }

    public JsonArray Attributes()
    {
        lock (_gate) return [.. _attributes.Select(a => a.DeepClone())];
    }

    public bool AddAttribute(JsonObject definition)
    {
        lock (_gate)
        {
            if (_attributes.Any(a => a["attribute_key"]?.ToString() == definition["attribute_key"]?.ToString())) return false;
            definition["id"] = ++_lastId;
            _attributes.Add(definition);
            return true;
        }
    }

    /// <summary>Finds by identifier or phone, or creates; gives the contact a place in the inbox.</summary>
    public (SimContact Contact, string SourceId) UpsertContact(long inbox, JsonObject request)
    {
        lock (_gate)
        {
            var (identifier, phone) = (request["identifier"]?.ToString(), request["phone_number"]?.ToString());
            var contact = _contacts.Values.FirstOrDefault(c => (identifier is not null && c.Identifier == identifier) || (phone is not null && c.PhoneNumber == phone));
            if (contact is null)
            {
                contact = new() { Id = ++_lastId, Name = request["name"]?.ToString() ?? "", Identifier = identifier, PhoneNumber = phone };
                _contacts[contact.Id] = contact;
            }

            foreach (var (key, value) in request["custom_attributes"] as JsonObject ?? []) contact.CustomAttributes[key] = value?.DeepClone();
            if (!contact.Inboxes.TryGetValue(inbox, out var source)) contact.Inboxes[inbox] = source = Guid.NewGuid().ToString();
            return (contact, source);
        }
    }

    public void UpdateContact(SimContact contact, JsonObject changes)
    {
        lock (_gate)
        {
            if (changes["custom_attributes"] is JsonObject attributes) contact.CustomAttributes = (JsonObject)attributes.DeepClone();
            if (changes["name"]?.ToString() is { } name) contact.Name = name;
        }
    }

    public SimConversation AddConversation(SimContact contact, long inbox)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow().ToUnixTimeSeconds();
            var conversation = new SimConversation { Id = ++_lastId, Contact = contact, InboxId = inbox, CreatedAt = now, LastActivityAt = now };
            _conversations[conversation.Id] = conversation;
            return conversation;
        }
    }

    public SimMessage? AddMessage(long conversationId, Func<long, SimMessage> make)
    {
        SimMessage message;
        SimConversation? conversation;
        lock (_gate)
        {
            if (!_conversations.TryGetValue(conversationId, out conversation)) return null;
            message = make(++_lastId);
            message.UpdatedAt = time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
            ResolveReply(conversation, message);
            conversation.Messages.Add(message);
            conversation.LastActivityAt = message.CreatedAt;
            _messages[message.Id] = message;
        }

        Added?.Invoke(message, conversation);
        Notify();
        return message;
    }

    public void Change(SimMessage message, Action change)
    {
        lock (_gate)
        {
            change();
            message.UpdatedAt = Math.Max(message.UpdatedAt + 0.001, time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
        }

        Notify();
    }

    public SimMessage? FindMessage(long id)
    {
        lock (_gate) return _messages.GetValueOrDefault(id);
    }

    /// <summary>Completes when a condition on the state is met; looked at again after each change.</summary>
    public Task WaitAsync(Func<bool> condition, CancellationToken ct)
    {
        lock (_gate)
        {
            if (condition()) return Task.CompletedTask;
            var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((condition, met));
            return met.Task.WaitAsync(ct);
        }
    }

    private static void ResolveReply(SimConversation conversation, SimMessage message)
    {
        if (message.ContentAttributes["in_reply_to"] is not JsonValue value || !value.TryGetValue<long>(out var target)) return;
        if (conversation.Messages.Find(m => m.Id == target)?.SourceId is { } source) message.ContentAttributes["in_reply_to_external_id"] = source;
    }

    private void Notify()
    {
        lock (_gate)
        {
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (!_waiting[i].Condition()) continue;
                _waiting[i].Met.TrySetResult();
                _waiting.RemoveAt(i);
            }
        }

        Changed?.Invoke();
    }
}
