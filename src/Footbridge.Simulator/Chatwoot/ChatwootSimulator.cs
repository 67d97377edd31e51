using System.Net;
using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.Api;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.Chatwoot.Webhooks;

namespace Footbridge.Simulator.Chatwoot;

/// <summary>Chatwoot as far as a bridge sees it (a version of 4.2 or later): one account with an API inbox, on loopback, with agents that tests and the demo play.</summary>
internal sealed class ChatwootSimulator : IAsyncDisposable
{
    public const long AccountId = 1;

    /// <summary>An administrator's.</summary>
    public const string Token = "simulated-agent-token";

    /// <summary>An agent's, who may not change the account.</summary>
    public const string AgentToken = "simulated-plain-agent-token";

    public const long InboxId = 3;

    public const string InboxIdentifier = "simulated-inbox";

    private readonly TimeProvider _time;
    private readonly WebhookSender _sender;
    private readonly SimInbox _inbox;

    private WebApplication _host = null!;

    private ChatwootSimulator(TimeProvider time)
    {
        (_time, Store, _sender) = (time, new(time), new(time));
        _inbox = Store.AddInbox("WhatsApp", InboxIdentifier, InboxId);
        Webhooks = new(Store, Faults, _sender);
        Desk = new(Store, Webhooks, time);
    }

    public SimStore Store { get; }

    public ChatwootFaults Faults { get; } = new();

    public WebhookEngine Webhooks { get; }

    public RequestJournal Requests { get; } = new();

    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>Where callbacks go; set once the bridge's app is known.</summary>
    public Uri? WebhookUrl
    {
        get => _inbox.WebhookUrl;
        set => _inbox.WebhookUrl = value;
    }

    /// <summary>What the inbox's callbacks are signed with, or null.</summary>
    public string? WebhookSecret
    {
        get => _inbox.Secret;
        set => _inbox.Secret = value;
    }

    /// <summary>How long a callback may take; 5 s unless a test has less time.</summary>
    public TimeSpan WebhookPatience
    {
        get => _sender.Patience;
        set => _sender.Patience = value;
    }

    /// <summary>What can be done with messages and conversations, each with the callbacks that follow.</summary>
    internal Desk Desk { get; }

    public static async Task<ChatwootSimulator> StartAsync(int port, TimeProvider time, CancellationToken ct)
    {
        var simulator = new ChatwootSimulator(time);
        await simulator.ListenAsync(port, ct);
        return simulator;
    }

    /// <summary>Closes the port, as when the whole server is down: connections are refused. What was stored stays.</summary>
    public async Task StopListeningAsync(CancellationToken ct)
    {
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await impatient.CancelAsync();
        await _host.StopAsync(impatient.Token);
        await _host.DisposeAsync();
    }

    /// <summary>Opens the same port again.</summary>
    public Task ListenAgainAsync(CancellationToken ct) => ListenAsync(BaseUrl.Port, ct);

    /// <summary>An agent writes into a conversation; the callback goes out as Chatwoot sends it. Completes when it was answered.</summary>
    public Task<long> AgentReplyAsync(long conversation, string text, long? inReplyTo = null) => AgentWritesAsync(conversation, text, inReplyTo, isPrivate: false, []);

    /// <summary>An agent sends files, with or without a text.</summary>
    public Task<long> AgentSendsAsync(long conversation, string? text, params (string Name, string ContentType, byte[] Bytes)[] files) => AgentWritesAsync(conversation, text, null, isPrivate: false, [.. files]);

    /// <summary>An agent writes a note that only colleagues see.</summary>
    public Task<long> AgentNoteAsync(long conversation, string text, long? inReplyTo = null) => AgentWritesAsync(conversation, text, inReplyTo, isPrivate: true, []);

    /// <summary>Any of these: an answer or a note, with or without files, to a message or to none.</summary>
    public async Task<long> AgentWritesAsync(long conversation, string? text, long? inReplyTo, bool isPrivate, List<(string Name, string ContentType, byte[] Bytes)> files)
    {
        var body = new JsonObject { ["content"] = text, ["message_type"] = "outgoing", ["private"] = isPrivate };
        if (inReplyTo is { } target) body["content_attributes"] = new JsonObject { ["in_reply_to"] = target };
        var (message, told) = Desk.Add(conversation, body, files, isFromAgent: true) ?? throw new ArgumentException("there is no such conversation");
        await told;
        return message.Id;
    }

    /// <summary>The agent presses retry on a failed message: two changes, each told.</summary>
    public Task AgentRetryAsync(long messageId) => Desk.RetryAsync(Store.FindMessage(messageId) ?? throw new ArgumentException("there is no such message"));

    public Task AgentDeletesAsync(long messageId) => Desk.DeleteAsync(Store.FindMessage(messageId) ?? throw new ArgumentException("there is no such message"));

    /// <summary>An agent types, or stops, in the answer or in a note.</summary>
    public Task AgentTypesAsync(SimConversation conversation, bool isTyping, bool isPrivate = false) => Webhooks.TypingAsync(conversation, Shapes.Agent(), isTyping, isPrivate);

    public Task AgentSetsStatusAsync(SimConversation conversation, string status) => Desk.SetStatusAsync(conversation, status);

    /// <summary>An agent opens a further conversation with a contact.</summary>
    public async Task<SimConversation> AgentOpensAsync(SimContact contact)
    {
        var (conversation, isNew) = Store.AddConversation(contact, _inbox, contact.Links.Last(link => link.Inbox == InboxId).SourceId);
        if (isNew) await Webhooks.ConversationAsync("conversation_created", conversation);
        return conversation;
    }

    /// <summary>The conversation of a phone number's contact, or null.</summary>
    public SimConversation? ConversationOf(string phoneDigits) =>
        Store.Read((_, conversations) => conversations.Values.FirstOrDefault(c => c.Contact.PhoneNumber == "+" + phoneDigits));

    public bool HasConversation(long id) => Store.Read((_, all) => all.ContainsKey(id));

    public SimConversation? Integration => Store.Read((_, conversations) => conversations.Values.FirstOrDefault(c => c.Contact.Identifier == "whatsapp.integration"));

    /// <summary>The messages of a conversation as they are now.</summary>
    public IReadOnlyList<SimMessage> MessagesOf(SimConversation conversation) => Store.Read((_, _) => conversation.Messages.ToList());

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _sender.Dispose();
    }

    private async Task ListenAsync(int port, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        _host = builder.Build();
        var faults = new FaultGate(Faults, _time);
        _host.Use(next => context => Requests.KeepAsync(context, next));
        _host.Use(next => context => faults.PassAsync(context, next));
        _host.Use(next => context => SimAccess.PassAsync(context, next, Store.Account));
        new AccountApi(Store, _time).Map(_host);
        new InboxApi(Store).Map(_host);
        new ContactsApi(Store).Map(_host);
        new ConversationsApi(Store, Desk).Map(_host);
        new MessagesApi(Store, Desk).Map(_host);
        new PublicApi(Store, Desk).Map(_host);
        new StorageApi(Store).Map(_host);
        await _host.StartAsync(ct);
        BaseUrl = new(_host.Urls.First());
    }
}
