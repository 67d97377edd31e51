using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.FromWhatsApp;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Chatwoot's REST API for one app. Source: docs/chatwoot.md.</summary>
internal sealed class ChatwootClient(HttpClient http, ChatwootLimiter limiter, ChatwootConfig config, JobClass priority)
{
    /// <summary>Chatwoot's own limit of one answer.</summary>
    public const int MessagesPage = 100;

    /// <summary>How many messages it gives that were not asked for by an id to come after.</summary>
    public const int NewestPage = 20;

    public const int ConversationsPage = 25;

    /// <summary>The one text that has to be matched: nothing else tells this refusal, which time cures, from others. It is not translated.</summary>
    private const string TooMany = "Too many messages";

    private static readonly MediaTypeHeaderValue Json = new(MediaTypeNames.Application.Json);
    private readonly string _account = $"{config.Url}/api/v1/accounts/{config.AccountId}";
    private readonly string _public = $"{config.Url}/public/api/v1/inboxes/{Uri.EscapeDataString(config.InboxIdentifier)}";

    /// <summary>Any other call, by its path below the server's address: what setting up and looking after an inbox needs.</summary>
    public Task<JsonNode?> CallAsync(HttpMethod method, string path, JsonNode? body, CancellationToken ct) => SendAsync(method, config.Url + path, body, ct);

    /// <summary>Writes as the contact, through the inbox's own door, for which no token is needed.</summary>
    public Task SayAsContactAsync(string sourceId, long conversation, string content, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, $"{_public}/contacts/{Uri.EscapeDataString(sourceId)}/conversations/{conversation}/messages", new JsonObject { ["content"] = content }, ct);

    public async Task<JsonArray> ListAttributesAsync(CancellationToken ct) =>
        await SendAsync(HttpMethod.Get, $"{_account}/custom_attribute_definitions?attribute_model=1", null, ct) as JsonArray ?? [];

    public Task CreateAttributeAsync(JsonObject definition, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, $"{_account}/custom_attribute_definitions", definition, ct);

    public Task ChangeAttributeAsync(long id, JsonObject changes, CancellationToken ct) =>
        SendAsync(HttpMethod.Patch, $"{_account}/custom_attribute_definitions/{id}", changes, ct);

    /// <summary>Gives a contact a place in the inbox and returns its source id there.</summary>
    public async Task<string> AddToInboxAsync(long contact, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Post, $"{_account}/contacts/{contact}/contact_inboxes", new JsonObject { ["inbox_id"] = config.InboxId }, ct))!["source_id"]!.GetValue<string>();

    /// <summary>Contacts that match any of the conditions.</summary>
    public async Task<JsonArray> FilterContactsAsync(JsonArray conditions, CancellationToken ct)
    {
        var answer = await SendAsync(HttpMethod.Post, $"{_account}/contacts/filter", new JsonObject { ["payload"] = conditions }, ct);
        return answer?["payload"] as JsonArray ?? [];
    }

    /// <summary>A contact, or null when it was deleted or became part of another one.</summary>
    public async Task<JsonObject?> FindContactAsync(long id, CancellationToken ct) =>
        (await FindAsync($"{_account}/contacts/{id}", ct))?["payload"] as JsonObject;

    /// <summary>The contact a conversation belongs to now; null when the conversation is gone.</summary>
    public async Task<long?> FindOwnerAsync(long conversation, CancellationToken ct) =>
        (await FindAsync($"{_account}/conversations/{conversation}", ct))?["meta"]?["sender"]?["id"]?.GetValue<long>();

    public Task UpdateContactAsync(long id, JsonObject changes, CancellationToken ct) => SendAsync(HttpMethod.Put, $"{_account}/contacts/{id}", changes, ct);

    /// <summary>Gives a contact a picture; returns where Chatwoot shows it.</summary>
    public async Task<string> SetPictureAsync(long id, byte[] jpeg, CancellationToken ct)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(jpeg) { Headers = { ContentType = new(MediaTypeNames.Image.Jpeg) } }, "\"avatar\"", "\"picture.jpg\"" } };
        return (await SendContentAsync(HttpMethod.Put, $"{_account}/contacts/{id}", form, ct))?["payload"]?["thumbnail"]?.ToString() ?? "";
    }

    /// <summary>The contact types, or stopped typing, as agents see it.</summary>
    public Task SetTypingAsync(string sourceId, long conversation, bool isTyping, CancellationToken ct) => SendAsync(
        HttpMethod.Post, $"{_public}/contacts/{Uri.EscapeDataString(sourceId)}/conversations/{conversation}/toggle_typing", new JsonObject { ["typing_status"] = isTyping ? "on" : "off" }, ct);

    /// <summary>Creates a contact of the inbox, or finds the one with the same identifier or phone; gives its source id in this inbox.</summary>
    public async Task<(long Id, string SourceId)> CreateContactAsync(JsonObject contact, CancellationToken ct)
    {
        var answer = await SendAsync(HttpMethod.Post, $"{_public}/contacts", contact, ct);
        return (answer!["id"]!.GetValue<long>(), answer["source_id"]!.GetValue<string>());
    }

    public async Task<JsonArray> ConversationsOfAsync(long contact, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Get, $"{_account}/contacts/{contact}/conversations", null, ct))?["payload"] as JsonArray ?? [];

    public async Task<long> CreateConversationAsync(string sourceId, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Post, $"{_public}/contacts/{Uri.EscapeDataString(sourceId)}/conversations", new JsonObject(), ct))!["id"]!.GetValue<long>();

    /// <summary>One page of the inbox's conversations, whatever their status, the latest activity first.</summary>
    public async Task<JsonArray> ConversationsAsync(int page, CancellationToken ct)
    {
        var query = $"status=all&assignee_type=all&inbox_id={config.InboxId}&sort_by=last_activity_at_desc&page={page}";
        return (await SendAsync(HttpMethod.Get, $"{_account}/conversations?{query}", null, ct))?["data"]?["payload"] as JsonArray ?? [];
    }

    /// <summary>Posts a message and returns its id.</summary>
    /// <exception cref="ChatwootAwayException">The conversation has had as many messages as Chatwoot allows in a minute.</exception>
    public Task<long> PostMessageAsync(long conversation, JsonObject message, CancellationToken ct) => PostMessageAsync(conversation, message, [], ct);

    /// <summary>Posts a message with files, which are read from the disk as they are sent.</summary>
    /// <inheritdoc cref="PostMessageAsync(long, JsonObject, CancellationToken)"/>
    public async Task<long> PostMessageAsync(long conversation, JsonObject message, IReadOnlyList<EntryFile> files, CancellationToken ct)
    {
        var wait = limiter.Conversations.Take(config.AccountId, conversation);
        if (wait > TimeSpan.Zero) throw new ChatwootAwayException("the conversation is full; messages into it are spaced out", wait, null);
        using HttpContent content = files.Count == 0 ? JsonOf(message) : MessageForm.Of(message, files);
        return await SpacedAsync(conversation, async () => (await SendContentAsync(HttpMethod.Post, $"{_account}/conversations/{conversation}/messages", content, ct))!["id"]!.GetValue<long>());
    }

    /// <summary>Deletes a message: a line that there was one stays. Harmless when that was done before.</summary>
    /// <exception cref="ChatwootAwayException">The conversation has had as many changes as Chatwoot allows in a minute.</exception>
    public Task DeleteMessageAsync(long conversation, long message, CancellationToken ct) =>
        SpacedAsync(conversation, () => SendAsync(HttpMethod.Delete, $"{_account}/conversations/{conversation}/messages/{message}", null, ct));

    /// <summary>Posts a file as a message.</summary>
    public async Task PostFileAsync(long conversation, JsonObject message, byte[] file, string name, string contentType, CancellationToken ct)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (field, value) in message) form.Add(new StringContent(value?.ToString() ?? ""), field);
        form.Add(new ByteArrayContent(file) { Headers = { ContentType = new(contentType) } }, "attachments[]", name);
        await SendContentAsync(HttpMethod.Post, $"{_account}/conversations/{conversation}/messages", form, ct);
    }

    /// <summary>The newest 20 messages of a conversation.</summary>
    public async Task<JsonArray> NewestMessagesAsync(long conversation, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Get, $"{_account}/conversations/{conversation}/messages", null, ct))?["payload"] as JsonArray ?? [];

    /// <summary>Up to <see cref="NewestPage"/> messages of a conversation with smaller ids, the nearest ones, oldest first.</summary>
    public async Task<JsonArray> MessagesBeforeAsync(long conversation, long before, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Get, $"{_account}/conversations/{conversation}/messages?before={before}", null, ct))?["payload"] as JsonArray ?? [];

    /// <summary>Up to <see cref="MessagesPage"/> messages of a conversation with larger ids, oldest first.</summary>
    public async Task<JsonArray> MessagesAfterAsync(long conversation, long after, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Get, $"{_account}/conversations/{conversation}/messages?after={after}", null, ct))?["payload"] as JsonArray ?? [];

    public Task SetStatusAsync(long conversation, long message, string status, string? error, CancellationToken ct) =>
        SendAsync(HttpMethod.Patch, $"{_account}/conversations/{conversation}/messages/{message}", new JsonObject { ["status"] = status, ["external_error"] = error }, ct);

    /// <summary>Whose token it is.</summary>
    public async Task<long?> FindAgentAsync(CancellationToken ct) => (await SendAsync(HttpMethod.Get, $"{config.Url}/api/v1/profile", null, ct))?["id"]?.GetValue<long>();

    /// <summary>The conversation as a whole: <c>open</c>, <c>resolved</c> and so on.</summary>
    public Task SetConversationStatusAsync(long conversation, string status, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, $"{_account}/conversations/{conversation}/toggle_status", new JsonObject { ["status"] = status }, ct);

    private async Task<JsonNode?> FindAsync(string url, CancellationToken ct)
    {
        try
        {
            return await SendAsync(HttpMethod.Get, url, null, ct);
        }
        catch (ChatwootException e) when (e.Status == 404)
        {
            return null;
        }
    }

    private async Task<T> SpacedAsync<T>(long conversation, Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (ChatwootException e) when (e.Status == 422 && e.Body.Contains(TooMany, StringComparison.Ordinal))
        {
            throw new ChatwootAwayException("Chatwoot takes no more messages into the conversation for now", limiter.Conversations.Full(config.AccountId, conversation), e);
        }
    }

    private async Task<JsonNode?> SendAsync(HttpMethod method, string url, JsonNode? body, CancellationToken ct)
    {
        using var content = body is null ? null : JsonOf(body);
        return await SendContentAsync(method, url, content, ct);
    }

    private async Task<JsonNode?> SendContentAsync(HttpMethod method, string url, HttpContent? content, CancellationToken ct)
    {
        await limiter.EnterAsync(priority, ct);
        using var span = Traces.Chatwoot(method, url);
        using var request = new HttpRequestMessage(method, url) { Content = content };
        // Who refuses a file for its size says so before it is sent, and not with a broken connection in the middle of it.
        if (content is MultipartFormDataContent) request.Headers.ExpectContinue = true;
        // Dashes, which Chatwoot reads as underscores: many proxies drop names with underscores.
        request.Headers.Add("Api-Access-Token", config.AccountToken);
        request.Headers.Accept.Add(new(MediaTypeNames.Application.Json));
        try
        {
            using var response = await http.SendAsync(request, ct);
            var text = await response.Content.ReadAsStringAsync(ct);
            span?.SetTag("http.response.status_code", (int)response.StatusCode).SetStatus(response.IsSuccessStatusCode ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
            if (response.StatusCode == HttpStatusCode.TooManyRequests) throw new ChatwootAwayException("Chatwoot answered 429", limiter.Refused(response.Headers.RetryAfter?.Delta), null);
            limiter.Succeeded();
            if (!response.IsSuccessStatusCode) throw Refused(response, text.Replace(config.AccountToken, "[redacted]", StringComparison.Ordinal));
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (HttpRequestException e)
        {
            throw new ChatwootAwayException($"Chatwoot cannot be reached: {e.Message}", null, e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new ChatwootAwayException("Chatwoot did not answer in time", null, e);
        }
        catch (JsonException e)
        {
            throw new ChatwootAwayException("Chatwoot answered something that is not JSON", null, e);
        }
    }

    private static ByteArrayContent JsonOf(JsonNode body) => new(Encoding.UTF8.GetBytes(body.ToJsonString())) { Headers = { ContentType = Json } };

    private static Exception Refused(HttpResponseMessage response, string body)
    {
        var status = (int)response.StatusCode;
        if (status >= 500)
        {
            var wait = response.Headers.RetryAfter?.Delta;
            return new ChatwootAwayException($"Chatwoot answered {status}", wait, null) { IsInternalError = status == 500 };
        }

        return new ChatwootException(status, body);
    }
}
