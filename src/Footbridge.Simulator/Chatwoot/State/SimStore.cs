using System.Text.Json.Nodes;

namespace Footbridge.Simulator.Chatwoot.State;

/// <summary>One account: inboxes, contacts, conversations, messages. Every call is atomic.</summary>
internal sealed class SimStore(TimeProvider time)
{
    private static readonly string[] Reserved = ["name", "email", "phone_number", "identifier", "country_code", "city", "company_name", "created_at", "last_activity_at", "referer", "blocked"];
    private readonly Lock _gate = new();
    private readonly Dictionary<long, SimInbox> _inboxes = [];
    private readonly Dictionary<long, SimContact> _contacts = [];
    private readonly Dictionary<long, SimConversation> _conversations = [];
    private readonly Dictionary<long, SimMessage> _messages = [];
    private readonly List<JsonObject> _attributes = [];
    private readonly List<(Func<bool> Condition, TaskCompletionSource Met)> _waiting = [];
    private long _lastId = 100;

    public event Action? Changed;

    public SimAccount Account { get; } = new();

    /// <summary>What the operator set as the public address; often one that leads nowhere.</summary>
    public Uri FrontendUrl { get; set; } = new("http://0.0.0.0:3000");

    /// <summary>Raised for each new message, outside any lock.</summary>
    public event Action<SimMessage, SimConversation>? Added;

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private double ExactNow => time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    public T Read<T>(Func<IReadOnlyDictionary<long, SimContact>, IReadOnlyDictionary<long, SimConversation>, T> read)
    {
        lock (_gate) return read(_contacts, _conversations);
    }

    /// <summary>Runs a change as one transaction, and wakes those who wait for its effect.</summary>
    public T Write<T>(Func<T> change)
    {
        T result;
        lock (_gate) result = change();
        Notify();
        return result;
    }

    public IReadOnlyList<SimInbox> Inboxes()
    {
        lock (_gate) return [.. _inboxes.Values];
    }

    public SimInbox? FindInbox(long id)
    {
        lock (_gate) return _inboxes.GetValueOrDefault(id);
    }

    /// <summary>Deleted with its conversations.</summary>
    public bool RemoveInbox(long id)
    {
        lock (_gate)
        {
            foreach (var conversation in _conversations.Values.Where(c => c.InboxId == id).ToList()) RemoveConversation(conversation);
            foreach (var contact in _contacts.Values) contact.Links.RemoveAll(link => link.Inbox == id);
            return _inboxes.Remove(id);
        }
    }

    public SimInbox AddInbox(string name, string? identifier = null, long? id = null, string channel = "Channel::Api")
    {
        lock (_gate)
        {
            var inbox = new SimInbox { Id = id ?? ++_lastId, Name = name, Identifier = identifier ?? Guid.NewGuid().ToString("N"), ChannelType = channel };
            _inboxes[inbox.Id] = inbox;
            return inbox;
        }
    }

    public JsonArray Attributes()
    {
        lock (_gate) return [.. _attributes.Select(a => a.DeepClone())];
    }

    /// <exception cref="SimRefusal">The key is taken or reserved.</exception>
    public JsonObject AddAttribute(JsonObject definition)
    {
        lock (_gate)
        {
            var key = definition["attribute_key"]?.ToString() ?? "";
            if (key.Length == 0) throw SimRefusal.Invalid("Attribute key can't be blank", "attribute_key");
            if (Reserved.Contains(key)) throw SimRefusal.Invalid("The provided key is not allowed as it might conflict with default attributes.", "attribute_key");
            if (_attributes.Any(a => a["attribute_key"]?.ToString() == key)) throw SimRefusal.Invalid("Attribute key has already been taken", "attribute_key");
            var stored = new JsonObject
            {
                ["id"] = ++_lastId,
                ["attribute_display_name"] = definition["attribute_display_name"]?.ToString(),
                ["attribute_display_type"] = "text",
                ["attribute_description"] = definition["attribute_description"]?.ToString(),
                ["attribute_key"] = key,
                ["regex_pattern"] = null,
                ["regex_cue"] = null,
                ["attribute_values"] = new JsonArray(),
                ["attribute_model"] = "contact_attribute",
                ["default_value"] = null,
            };
            _attributes.Add(stored);
            return (JsonObject)stored.DeepClone();
        }
    }

    public JsonObject? ChangeAttribute(long id, JsonObject changes)
    {
        lock (_gate)
        {
            if (_attributes.Find(a => a["id"]!.GetValue<long>() == id) is not { } stored) return null;
            foreach (var name in new[] { "attribute_display_name", "attribute_description" })
            {
                if (changes[name] is { } value) stored[name] = value.ToString();
            }

            return (JsonObject)stored.DeepClone();
        }
    }

    public bool RemoveAttribute(long id)
    {
        lock (_gate) return _attributes.RemoveAll(a => a["id"]!.GetValue<long>() == id) > 0;
    }

    /// <exception cref="SimRefusal">A field is not valid, or belongs to another contact.</exception>
    public SimContact AddContact(JsonObject request)
    {
        lock (_gate)
        {
            var contact = new SimContact { Id = _lastId + 1, Name = "", CreatedAt = Now };
            ContactRules.Write(contact, request, _contacts.Values);
            _lastId++;
            _contacts[contact.Id] = contact;
            return contact;
        }
    }

    /// <summary>The public API's create: by source id, else by identifier, e-mail or phone, else new. One that is found keeps its fields.</summary>
    public (SimContact Contact, string SourceId) UpsertContact(long inbox, JsonObject request)
    {
        lock (_gate)
        {
            var source = request["source_id"]?.ToString();
            if (source is not null && ByLink(inbox, source) is { } linked) return (linked, source);
            var (identifier, email, phone) = (request["identifier"]?.ToString(), request["email"]?.ToString().ToLowerInvariant(), request["phone_number"]?.ToString());
            var contact = _contacts.Values.FirstOrDefault(c => identifier is not null && c.Identifier == identifier)
                ?? _contacts.Values.FirstOrDefault(c => email is not null && c.Email == email)
                ?? _contacts.Values.FirstOrDefault(c => phone is not null && c.PhoneNumber == phone)
                ?? AddContact(request);
            // Without a source id of the caller's own, every call makes another place.
            source ??= Guid.NewGuid().ToString();
            contact.Links.Add((inbox, source));
            return (contact, source);
        }
    }

    public SimContact? ByLink(long inbox, string source)
    {
        lock (_gate) return _contacts.Values.FirstOrDefault(c => c.Links.Contains((inbox, source)));
    }

    /// <exception cref="SimRefusal">500: the source id belongs to another contact.</exception>
    public string Link(SimContact contact, long inbox, string? source)
    {
        lock (_gate)
        {
            source ??= Guid.NewGuid().ToString();
            if (ByLink(inbox, source) is { } owner && owner != contact) throw new SimRefusal(500, "Internal Server Error");
            if (!contact.Links.Contains((inbox, source))) contact.Links.Add((inbox, source));
            return source;
        }
    }

    public void UpdateContact(SimContact contact, JsonObject changes)
    {
        lock (_gate) ContactRules.Write(contact, changes, _contacts.Values);
    }

    /// <summary>Contacts that match, in no particular order: since 4.7 only those with an e-mail, phone or identifier can be found.</summary>
    public IReadOnlyList<SimContact> Filter(JsonArray clauses)
    {
        lock (_gate)
        {
            var matches = ContactFilter.Compile(clauses, _attributes.Select(a => a["attribute_key"]!.ToString()).ToHashSet(), Account.Profile);
            return [.. _contacts.Values.Where(c => !Account.Profile.FindsOnlyIdentified || c.Email is not null || c.PhoneNumber is not null || c.Identifier is not null).Where(matches)];
        }
    }

    /// <summary>The second contact becomes part of the first, with its places and conversations.</summary>
    public void Merge(SimContact @base, SimContact mergee)
    {
        lock (_gate)
        {
            @base.Links.AddRange(mergee.Links);
            foreach (var conversation in _conversations.Values.Where(c => c.Contact == mergee)) conversation.Contact = @base;
            foreach (var (key, value) in mergee.CustomAttributes.ToList())
            {
                if (!@base.CustomAttributes.ContainsKey(key)) @base.CustomAttributes[key] = value?.DeepClone();
            }

            _contacts.Remove(mergee.Id);
            @base.Identifier ??= mergee.Identifier;
            @base.PhoneNumber ??= mergee.PhoneNumber;
            @base.Email ??= mergee.Email;
        }
    }

    public void RemoveContact(SimContact contact)
    {
        lock (_gate)
        {
            _contacts.Remove(contact.Id);
            foreach (var conversation in _conversations.Values.Where(c => c.Contact == contact).ToList()) RemoveConversation(conversation);
        }
    }

    public void RemoveConversation(SimConversation conversation)
    {
        lock (_gate)
        {
            _conversations.Remove(conversation.Id);
            foreach (var message in conversation.Messages) _messages.Remove(message.Id);
        }
    }

    /// <summary>A new conversation, or the contact's last one where the inbox is locked to a single one; says which.</summary>
    public (SimConversation Conversation, bool IsNew) AddConversation(SimContact contact, SimInbox inbox, string source, string? status = null)
    {
        lock (_gate)
        {
            if (inbox.LocksToSingle && _conversations.Values.Where(c => c.InboxId == inbox.Id && c.SourceId == source).MaxBy(c => c.Id) is { } last) return (last, false);
            var conversation = new SimConversation
            {
                Id = ++_lastId,
                Contact = contact,
                InboxId = inbox.Id,
                SourceId = source,
                CreatedAt = Now,
                LastActivityAt = Now,
                WaitingSince = Now,
                Status = contact.IsBlocked ? "resolved" : status ?? "open",
                UpdatedAt = ExactNow,
                Profile = Account.Profile,
            };
            _conversations[conversation.Id] = conversation;
            return (conversation, true);
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
            message.UpdatedAt = ExactNow;
            ResolveReply(conversation, message.ContentAttributes);
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
            message.UpdatedAt = Math.Max(message.UpdatedAt + 0.001, ExactNow);
        }

        Notify();
    }

    public void Touch(SimConversation conversation) => conversation.UpdatedAt = Math.Max(conversation.UpdatedAt + 0.001, ExactNow);

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

    /// <summary>Both ids of the quoted message when it stands in the same conversation, else neither.</summary>
    private static void ResolveReply(SimConversation conversation, JsonObject attributes)
    {
        var (id, external) = (attributes["in_reply_to"], attributes["in_reply_to_external_id"]);
        if (id is null && external is null) return;
        var target = conversation.Messages.Find(m => id is not null ? m.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) == id.ToString() : m.SourceId == external!.ToString());
        attributes["in_reply_to"] = target?.Id;
        attributes["in_reply_to_external_id"] = target?.SourceId;
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
