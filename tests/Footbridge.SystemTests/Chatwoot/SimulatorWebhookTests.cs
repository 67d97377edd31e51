using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.SystemTests.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Callbacks of the simulated Chatwoot: which changes call, what the body holds, and what a refusal does.</summary>
public sealed class SimulatorWebhookTests : IAsyncLifetime
{
    private const string Account = "/api/v1/accounts/1";
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));
    private readonly SocketsHttpHandler _handler = new();
    private readonly List<(string Delivery, string Accept)> _headers = [];
    private ChatwootSimulator _chatwoot = null!;
    private HttpClient _api = null!;
    private WebApplication _bridge = null!;
    private Func<HttpContext, Task> _answer = _ => Task.CompletedTask;
    private long _conversation;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _chatwoot = await ChatwootSimulator.StartAsync(0, TimeProvider.System, Ct);
        _api = new HttpClient(_handler, disposeHandler: false) { BaseAddress = _chatwoot.BaseUrl };
        _api.DefaultRequestHeaders.Add("Api-Access-Token", ChatwootSimulator.Token);
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        _bridge = builder.Build();
        _bridge.Urls.Add("http://127.0.0.1:0");
        _bridge.MapPost("/hook", context =>
        {
            lock (_headers) _headers.Add((context.Request.Headers["X-Chatwoot-Delivery"].ToString(), context.Request.Headers.Accept.ToString()));
            return _answer(context);
        });
        await _bridge.StartAsync(Ct);
        _chatwoot.WebhookUrl = new($"{_bridge.Urls.First()}/hook");
        await _api.ExpectAsync(HttpMethod.Post, "/public/api/v1/inboxes/simulated-inbox/contacts", new JsonObject { ["source_id"] = "ana", ["name"] = "Ana", ["identifier"] = "ana" }, 200, Ct);
        _conversation = (await _api.ExpectAsync(HttpMethod.Post, "/public/api/v1/inboxes/simulated-inbox/contacts/ana/conversations", null, 200, Ct)).Body!["id"]!.GetValue<long>();
        await ToldAsync("conversation_created", 1);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _bridge.DisposeAsync();
        await _chatwoot.DisposeAsync();
        _handler.Dispose();
        _timeout.Dispose();
    }

    [Fact]
    public async Task Every_message_is_told_also_the_apis_own_and_activities_never()
    {
        await PostAsync(new() { ["content"] = "in", ["message_type"] = "incoming", ["source_id"] = "WA1" });
        await PostAsync(new() { ["content"] = "note", ["private"] = true });
        await PostAsync(new() { ["content"] = "moved", ["message_type"] = "activity" });
        await _chatwoot.AgentReplyAsync(_conversation, "out");
        var told = await ToldAsync("message_created", 3);
        Assert.Equal(["in", "note", "out"], told.Select(body => body["content"]!.ToString()).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(_headers, header => header.Delivery.Length == 0 || header.Accept != "application/json");
    }

    [Fact]
    public async Task A_message_callback_has_strings_where_the_api_has_numbers_and_no_status()
    {
        var quoted = await PostAsync(new() { ["content"] = "in", ["message_type"] = "incoming", ["source_id"] = "WA1" });
        await _chatwoot.AgentReplyAsync(_conversation, "one\\\ntwo\n", quoted["id"]!.GetValue<long>());
        var body = (await ToldAsync("message_created", 2)).Single(b => b["content"]!.ToString() != "in");
        Assert.Equal(
            ["account", "additional_attributes", "content_attributes", "content_type", "content", "conversation", "created_at", "id", "inbox", "message_type", "private", "sender", "source_id", "event"],
            body.Select(pair => pair.Key));
        Assert.Equal(("outgoing", "one\ntwo", "user"), (body["message_type"]!.ToString(), body["content"]!.ToString(), body["sender"]!["type"]!.ToString()));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", body["created_at"]!.ToString());
        Assert.Equal(("WA1", quoted["id"]!.ToString()), (body["content_attributes"]!["in_reply_to_external_id"]!.ToString(), body["content_attributes"]!["in_reply_to"]!.ToString()));
        var conversation = body["conversation"]!;
        Assert.Equal((_conversation, "ana", "ana"), (conversation["id"]!.GetValue<long>(), conversation["contact_inbox"]!["source_id"]!.ToString(), conversation["meta"]!["sender"]!["identifier"]!.ToString()));
        Assert.Equal(1, conversation["messages"]![0]!["message_type"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_status_that_changes_nothing_is_not_told_and_read_never_goes_back()
    {
        var id = await _chatwoot.AgentReplyAsync(_conversation, "out");
        foreach (var (status, shown) in new[] { ("sent", "sent"), ("unknown", "sent"), ("delivered", "delivered"), ("delivered", "delivered"), ("read", "read"), ("delivered", "read"), ("failed", "failed"), ("sent", "sent") })
        {
            var (_, message) = await _api.ExpectAsync(HttpMethod.Patch, $"{Account}/conversations/{_conversation}/messages/{id}", new JsonObject { ["status"] = status, ["external_error"] = "why" }, 200, Ct);
            Assert.Equal(shown, message!["status"]!.ToString());
        }

        var told = await ToldAsync("message_updated", 4);
        Assert.Equal(4, told.Count);
        Assert.Contains(told, body => body["content_attributes"]!["external_error"]?.ToString() == "why");
        Assert.Contains(told, body => body["content_attributes"]!.AsObject().ContainsKey("external_error") && body["content_attributes"]!["external_error"] is null);
    }

    [Theory]
    [InlineData("outgoing", false)]
    [InlineData("incoming", false)]
    [InlineData("outgoing", true)]
    public async Task A_refused_callback_makes_any_message_failed_and_is_told_once_more_and_never_again(string type, bool isPrivate)
    {
        _answer = context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        };
        var id = (await PostAsync(new() { ["content"] = "x", ["message_type"] = type, ["private"] = isPrivate }))["id"]!.GetValue<long>();
        var message = _chatwoot.Store.FindMessage(id)!;
        await _chatwoot.Store.WaitAsync(() => message.Status == "failed", Ct);
        Assert.Equal("404 Not Found", message.ContentAttributes["external_error"]!.ToString());
        Assert.Single(await ToldAsync("message_created", 1));
        Assert.Single(await ToldAsync("message_updated", 1));
    }

    [Fact]
    public async Task A_callback_that_is_not_answered_in_time_is_a_refused_one()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), _chatwoot.WebhookPatience);
        _chatwoot.WebhookPatience = TimeSpan.FromMilliseconds(100);
        var never = new TaskCompletionSource();
        _answer = context => never.Task.WaitAsync(context.RequestAborted);
        var id = await _chatwoot.AgentReplyAsync(_conversation, "slow");
        Assert.Equal("failed", _chatwoot.Store.FindMessage(id)!.Status);
        Assert.StartsWith("Net::ReadTimeout", _chatwoot.Store.FindMessage(id)!.ContentAttributes["external_error"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retry_is_told_twice_and_a_deletion_once()
    {
        var id = await _chatwoot.AgentReplyAsync(_conversation, "out");
        await _api.ExpectAsync(HttpMethod.Patch, $"{Account}/conversations/{_conversation}/messages/{id}", new JsonObject { ["status"] = "failed", ["external_error"] = "why" }, 200, Ct);
        await ToldAsync("message_updated", 1);
        await _chatwoot.AgentRetryAsync(id);
        var retry = (await ToldAsync("message_updated", 3)).Skip(1).Select(body => body["content_attributes"]!.ToJsonString());
        Assert.Equal(["""{"external_error":null}""", "{}"], retry);
        await _chatwoot.AgentDeletesAsync(id);
        await _chatwoot.AgentDeletesAsync(id);
        Assert.Equal("""{"deleted":true}""", (await ToldAsync("message_updated", 4))[3]["content_attributes"]!.ToJsonString());
    }

    [Fact]
    public async Task An_incoming_message_opens_a_resolved_conversation_and_an_answer_ends_the_waiting()
    {
        var conversation = _chatwoot.Store.Read((_, conversations) => conversations[_conversation]);
        await _chatwoot.AgentReplyAsync(_conversation, "out");
        Assert.Equal("waiting_since", (await ToldAsync("conversation_updated", 1))[0]["changed_attributes"]![0]!.AsObject().First().Key);
        await _chatwoot.AgentSetsStatusAsync(conversation, "resolved");
        await _chatwoot.AgentSetsStatusAsync(conversation, "resolved");
        Assert.Equal("resolved", Assert.Single(await ToldAsync("conversation_status_changed", 1))["status"]!.ToString());
        await _chatwoot.AgentReplyAsync(_conversation, "bye");
        Assert.Equal("resolved", conversation.Status);
        await PostAsync(new() { ["content"] = "one more", ["message_type"] = "incoming" });
        await ToldAsync("conversation_status_changed", 2);
        Assert.Equal("open", conversation.Status);
    }

    [Fact]
    public async Task Outgoing_texts_are_rendered_as_templates_and_incoming_ones_are_not()
    {
        Assert.Equal("Hi Ana ", (await PostAsync(new() { ["content"] = "Hi {{contact.name}} {{unknown}}" }))["content"]!.ToString());
        Assert.Equal("{{contact.name}}", (await PostAsync(new() { ["content"] = "{% raw %}{{contact.name}}{% endraw %}", ["private"] = true }))["content"]!.ToString());
        Assert.Equal("{{contact.name}}", (await PostAsync(new() { ["content"] = "{{contact.name}}", ["message_type"] = "incoming" }))["content"]!.ToString());
    }

    [Fact]
    public async Task Messages_are_listed_20_newest_before_and_after_an_id_and_a_quote_of_another_conversation_is_dropped()
    {
        var ids = new List<long>();
        for (var i = 0; i < 30; i++) ids.Add((await PostAsync(new() { ["content"] = $"{i}", ["message_type"] = "incoming" }))["id"]!.GetValue<long>());
        Assert.Equal(ids[10..], await ListAsync(""));
        Assert.Equal(ids[..5], await ListAsync($"?before={ids[5]}"));
        Assert.Equal(ids[6..], await ListAsync($"?after={ids[5]}"));
        Assert.Equal(ids[5..8], await ListAsync($"?after={ids[5]}&before={ids[8]}"));
        var lost = await PostAsync(new() { ["content"] = "x", ["content_attributes"] = new JsonObject { ["in_reply_to"] = 999_999 } });
        Answers.Same("""{"in_reply_to":null,"in_reply_to_external_id":null}""", lost["content_attributes"]);
        var refused = await _api.ExpectAsync(HttpMethod.Post, $"{Account}/conversations/{_conversation}/messages", new JsonObject { ["content"] = "a\0b" }, 422, Ct);
        Assert.NotNull(refused.Body!["error"]);
    }

    [Fact]
    public async Task Callbacks_can_be_lost_doubled_and_come_before_the_answer()
    {
        _chatwoot.Faults.OnWebhook = body => body["content"]?.ToString() switch { "lost" => WebhookFault.Lost, "twice" => WebhookFault.Twice, "refused" => WebhookFault.Refused, _ => null };
        foreach (var text in new[] { "lost", "twice", "refused" }) await _chatwoot.AgentReplyAsync(_conversation, text);
        var calls = 0;
        _chatwoot.Faults.OnWebhook = null;
        _answer = _ =>
        {
            Interlocked.Increment(ref calls);
            return Task.CompletedTask;
        };
        var released = new TaskCompletionSource();
        _chatwoot.Faults.OnRequest = request => request.Path.Value!.EndsWith("/messages", StringComparison.Ordinal) ? new ChatwootFault.AnswerWhen(released.Task) : null;
        var posting = PostAsync(new() { ["content"] = "echo", ["message_type"] = "incoming" });
        await _chatwoot.Store.WaitAsync(() => _chatwoot.Webhooks.Deliveries.Any(d => d.Body["content"]?.ToString() == "echo"), Ct);
        Assert.False(posting.IsCompleted);
        released.SetResult();
        Assert.Equal("echo", (await posting)["content"]!.ToString());
        Assert.True(calls >= 1);
        Assert.Equal("failed", _chatwoot.Store.Read((_, c) => c[_conversation].Messages.Single(m => m.Content == "refused").Status));
    }

    private async Task<JsonObject> PostAsync(JsonObject body) =>
        (await _api.ExpectAsync(HttpMethod.Post, $"{Account}/conversations/{_conversation}/messages", body, 200, Ct)).Body!.AsObject();

    private async Task<List<long>> ListAsync(string query) =>
        [.. (await _api.GetAsync($"{Account}/conversations/{_conversation}/messages{query}", 200, Ct)).Body!["payload"]!.AsArray().Select(m => m!["id"]!.GetValue<long>())];

    private async Task<List<JsonObject>> ToldAsync(string name, int count)
    {
        await _chatwoot.Store.WaitAsync(() => _chatwoot.Webhooks.Deliveries.Count(d => d.Event == name) >= count, Ct);
        return [.. _chatwoot.Webhooks.Deliveries.Where(d => d.Event == name).Select(d => d.Body)];
    }
}
