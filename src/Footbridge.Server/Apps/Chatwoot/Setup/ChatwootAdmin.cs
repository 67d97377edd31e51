using System.Net;
using System.Text.Json.Nodes;
using Footbridge.Jobs;

namespace Footbridge.Server.Apps.Chatwoot.Setup;

/// <summary>The calls of an administrator: accounts, inboxes, agents, and what else can get at an inbox's messages. Source: docs/chatwoot.md.</summary>
internal sealed class ChatwootAdmin(ChatwootClient client, string account)
{
    private const string ApiChannel = "Channel::Api";

    /// <summary>For an installation of which only the address and a token are known.</summary>
    public static ChatwootAdmin Open(ChatwootClients clients, string url, string token, long account = 0)
    {
        var config = new JsonObject { ["url"] = url, ["accountToken"] = token, ["accountId"] = account, ["inboxId"] = 0L, ["inboxIdentifier"] = "-" };
        return new(clients.For(ChatwootConfig.Read(config), JobClass.Live), $"/api/v1/accounts/{account}");
    }

    public ChatwootClient Client => client;

    public static bool IsApiInbox(JsonObject inbox) => inbox["channel_type"]?.ToString() == ApiChannel;

    /// <summary>Version and time of the installation.</summary>
    public Task<JsonObject> ServerAsync(CancellationToken ct) => ObjectAsync("/api", ct);

    /// <summary>The token's owner, with the accounts.</summary>
    public Task<JsonObject> ProfileAsync(CancellationToken ct) => ObjectAsync("/api/v1/profile", ct);

    public async Task<IReadOnlyList<JsonObject>> InboxesAsync(CancellationToken ct) => Rows((await GetAsync("/inboxes", ct))?["payload"]);

    /// <summary>Null when it is not there, or not the token's owner's to see.</summary>
    public async Task<JsonObject?> InboxAsync(long id, CancellationToken ct)
    {
        try
        {
            return await GetAsync($"/inboxes/{id}", ct) as JsonObject;
        }
        catch (ChatwootException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task<JsonObject> CreateInboxAsync(string name, string webhookUrl, CancellationToken ct) => (JsonObject)(await PostAsync("/inboxes", new()
    {
        ["name"] = name,
        // A customer's one chat on WhatsApp is one conversation.
        ["lock_to_single_conversation"] = true,
        ["enable_auto_assignment"] = true,
        ["greeting_enabled"] = false,
        ["channel"] = new JsonObject { ["type"] = "api", ["webhook_url"] = webhookUrl },
    }, ct))!;

    public async Task<JsonObject> ChangeInboxAsync(long id, JsonObject changes, CancellationToken ct) =>
        (JsonObject)(await client.CallAsync(HttpMethod.Patch, $"{account}/inboxes/{id}", changes, ct))!;

    public Task<JsonObject> PointCallbacksAsync(long inbox, string url, CancellationToken ct) => ChangeInboxAsync(inbox, new() { ["channel"] = new JsonObject { ["webhook_url"] = url } }, ct);

    public async Task<IReadOnlyList<JsonObject>> AgentsAsync(CancellationToken ct) => Rows(await GetAsync("/agents", ct));

    public async Task<IReadOnlyList<JsonObject>> MembersAsync(long inbox, CancellationToken ct) => Rows((await GetAsync($"/inbox_members/{inbox}", ct))?["payload"]);

    public Task AddMembersAsync(long inbox, IEnumerable<long> users, CancellationToken ct) =>
        PostAsync("/inbox_members", new() { ["inbox_id"] = inbox, ["user_ids"] = new JsonArray([.. users.Select(id => (JsonNode)id)]) }, ct);

    /// <summary>The bot that gets new conversations first, or null.</summary>
    public async Task<string?> BotAsync(long inbox, CancellationToken ct) => (await GetAsync($"/inboxes/{inbox}/agent_bot", ct))?["agent_bot"]?["name"]?.ToString();

    /// <summary>The addresses that get everything of all inboxes.</summary>
    public async Task<IReadOnlyList<string>> AccountWebhooksAsync(CancellationToken ct) =>
        [.. Rows((await GetAsync("/webhooks", ct))?["payload"]?["webhooks"]).Select(hook => hook["url"]?.ToString() ?? "")];

    public Task<JsonObject> ConversationAsync(long id, CancellationToken ct) => ObjectAsync($"{account}/conversations/{id}", ct);

    /// <summary>Replaces all of a conversation's attributes.</summary>
    public Task SetAttributesAsync(long conversation, JsonObject attributes, CancellationToken ct) =>
        PostAsync($"/conversations/{conversation}/custom_attributes", new() { ["custom_attributes"] = attributes }, ct);

    private Task<JsonNode?> GetAsync(string path, CancellationToken ct) => client.CallAsync(HttpMethod.Get, account + path, null, ct);

    private Task<JsonNode?> PostAsync(string path, JsonObject body, CancellationToken ct) => client.CallAsync(HttpMethod.Post, account + path, body, ct);

    private async Task<JsonObject> ObjectAsync(string path, CancellationToken ct) =>
        await client.CallAsync(HttpMethod.Get, path, null, ct) as JsonObject ?? throw new ChatwootAwayException("what answers there is not Chatwoot", null, null);

    private static IReadOnlyList<JsonObject> Rows(JsonNode? list) => [.. (list as JsonArray ?? []).OfType<JsonObject>()];
}
