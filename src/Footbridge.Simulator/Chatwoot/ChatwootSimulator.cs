using System.Net;
using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.Api;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.Chatwoot.Webhooks;

namespace Footbridge.Simulator.Chatwoot;

/// <summary>Chatwoot as far as a bridge sees it: one account, one API inbox, on loopback, with agents that tests and the demo play.</summary>
internal sealed class ChatwootSimulator : IAsyncDisposable
{
    public const long AccountId = 1;
    public const string Token = "simulated-agent-token";
    private readonly WebApplication _host;
    private readonly TimeProvider _time;
    private readonly WebhookSender _webhooks = new();

    private ChatwootSimulator(WebApplication host, TimeProvider time)
    {
        (_host, _time) = (host, time);
        Store = new(time);
    }

    public SimStore Store { get; }

    public ChatwootFaults Faults { get; } = new();

    public Uri BaseUrl => new(_host.Urls.First());

    public const long InboxId = 3;

    public const string InboxIdentifier = "simulated-inbox";

    /// <summary>Where callbacks go; set once the bridge's app is known.</summary>
    public Uri? WebhookUrl
    {
        get => _webhooks.Url;
        set => _webhooks.Url = value;
    }

    public static async Task<ChatwootSimulator> StartAsync(int port, TimeProvider time, CancellationToken ct)
    {
        // No file is watched for settings: every watch costs one of the user's few inotify instances.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var host = builder.Build();
        var simulator = new ChatwootSimulator(host, time);
        host.Use(next => context => simulator.GuardAsync(context, next));
        new ChatwootApi(simulator, simulator.Store).Map(host);
        await host.StartAsync(ct);
        return simulator;
    }

    /// <summary>An agent writes into a conversation; the callback goes out as Chatwoot sends it. Completes when it was answered.</summary>
    public async Task<long> AgentReplyAsync(long conversation, string text, long? inReplyTo = null)
    {
        var body = new JsonObject { ["content"] = text, ["message_type"] = "outgoing" };
        if (inReplyTo is { } target) body["content_attributes"] = new JsonObject { ["in_reply_to"] = target };
        var message = Create(conversation, body, [], isFromAgent: true) ?? throw new ArgumentException("there is no such conversation");
        await CallAsync("message_created", message);
        return message.Id;
    }

    /// <summary>The agent presses retry on a failed message.</summary>
    public async Task AgentRetryAsync(long messageId)
    {
        var message = Store.FindMessage(messageId) ?? throw new ArgumentException("there is no such message");
        Store.Change(message, () =>
        {
            message.Status = "sent";
            message.ContentAttributes["external_error"] = null;
        });
        await CallAsync("message_updated", message);
        Store.Change(message, () => message.ContentAttributes.Remove("external_error"));
        await CallAsync("message_updated", message);
    }

    /// <summary>The conversation of a phone number's contact, or null.</summary>
    public SimConversation? ConversationOf(string phoneDigits) =>
        Store.Read((_, conversations) => conversations.Values.FirstOrDefault(c => c.Contact.PhoneNumber == "+" + phoneDigits));

    public SimConversation? Integration => Store.Read((_, conversations) => conversations.Values.FirstOrDefault(c => c.Contact.Identifier == "whatsapp.integration"));

    /// <summary>The messages of a conversation as they are now.</summary>
    public IReadOnlyList<SimMessage> MessagesOf(SimConversation conversation) => Store.Read((_, _) => conversation.Messages.ToList());

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _webhooks.Dispose();
    }

    /// <summary>A message created through the API: its callback goes out too, which is the echo a bridge must know.</summary>
    internal SimMessage? Add(long conversation, JsonObject body, List<(string Name, string ContentType, byte[] Bytes)> files, bool isFromAgent)
    {
        var message = Create(conversation, body, files, isFromAgent);
        if (message is { Type: not SimMessageType.Activity }) _ = CallAsync("message_created", message);
        return message;
    }

    internal void SetStatus(SimMessage message, string status, string? error)
    {
        Store.Change(message, () =>
        {
            var hadError = message.ContentAttributes.ContainsKey("external_error");
            message.Status = status;
            if (status == "failed") message.ContentAttributes["external_error"] = error;
            else if (hadError) message.ContentAttributes["external_error"] = null;
        });
        _ = CallAsync("message_updated", message);
    }

    private SimMessage? Create(long conversation, JsonObject body, List<(string Name, string ContentType, byte[] Bytes)> files, bool isFromAgent) =>
        Store.AddMessage(conversation, id =>
        {
            var message = new SimMessage
            {
                Id = id,
                ConversationId = conversation,
                Content = body["content"]?.ToString(),
                Type = Enum.Parse<SimMessageType>(body["message_type"]?.ToString() ?? "outgoing", ignoreCase: true),
                IsPrivate = body["private"] is { } hidden && hidden.ToString() == "true",
                SourceId = body["source_id"]?.ToString(),
                ContentAttributes = (JsonObject?)body["content_attributes"]?.DeepClone() ?? [],
                CreatedAt = _time.GetUtcNow().ToUnixTimeSeconds(),
                IsFromAgent = isFromAgent,
            };
            message.Files.AddRange(files);
            return message;
        });

    private async Task CallAsync(string name, SimMessage message)
    {
        var body = Store.Read((_, conversations) => Shapes.Webhook(name, message, conversations[message.ConversationId], AccountId));
        if (await _webhooks.SendAsync(body) || message.Type != SimMessageType.Outgoing || message.IsPrivate || name != "message_created") return;
        SetStatus(message, "failed", "the webhook did not answer");
    }

    private async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        var fault = Faults.Down ?? Faults.OnRequest?.Invoke(context.Request);
        if (Faults.ResponseDelay > TimeSpan.Zero) await Task.Delay(Faults.ResponseDelay, _time);
        switch (fault)
        {
            case ChatwootFault.Reset:
                context.Abort();
                return;
            case ChatwootFault.Status status:
                if (status.RetryAfterSeconds is { } wait) context.Response.Headers.RetryAfter = wait.ToString(System.Globalization.CultureInfo.InvariantCulture);
                context.Response.StatusCode = status.Code;
                await context.Response.WriteAsJsonAsync(new JsonObject { ["error"] = "injected" });
                return;
            case ChatwootFault.StatusAfterCommit after:
                await SwallowAsync(context, next);
                context.Response.StatusCode = after.Code;
                return;
        }

        if (context.Request.Path.StartsWithSegments("/api") && context.Request.Headers["api_access_token"] != Token)
        {
            context.Response.StatusCode = 401;
            await context.Response.WriteAsJsonAsync(new JsonObject { ["error"] = "Invalid Access Token" });
            return;
        }

        await next(context);
    }

    /// <summary>Does what was asked and keeps the answer to itself.</summary>
    private static async Task SwallowAsync(HttpContext context, RequestDelegate next)
    {
        var body = context.Response.Body;
        context.Response.Body = Stream.Null;
        await next(context);
        context.Response.Body = body;
        context.Response.ContentLength = null;
    }
}
