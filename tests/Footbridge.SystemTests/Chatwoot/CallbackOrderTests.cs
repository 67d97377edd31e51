using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Simulator.Chatwoot.Faults;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Callbacks as a busy Chatwoot makes them: side by side, in any order, some twice; and not signed as they should be.</summary>
public sealed class CallbackOrderTests : ChatwootTest
{
    private const string Secret = "8QGJm1bWvT7uZ3nYk5xRcP2d";

    protected override async Task PrepareAsync()
    {
        await World.LinkAsync("shop", Shop, Ct);
        // Longer than by default: it is the order that is tested, not the machine.
        await CallAsync("POST", "/api/apps", App(change: app => app["config"]!["footbridge"] = new JsonObject { ["orderWaitMs"] = 2000 }), 201);
        World.PointWebhook("shop");
    }

    [Fact]
    public async Task Shuffled_and_doubled_callbacks_reach_whatsapp_once_and_in_the_order_of_their_messages()
    {
        var conversation = (await AnaWritesAsync("hello")).ConversationId;
        Chatwoot.Faults.OnWebhook = _ => WebhookFault.Twice;
        Chatwoot.Faults.BeforeWebhook = new WebhookShuffle(size: 6, seed: 7).HoldAsync;
        // Twice as many calls as the caller has connections: one that was held open would keep the call away that it waits for.
        var texts = Enumerable.Range(0, 60).Select(i => $"message {i}").ToList();
        await Task.WhenAll(texts.Select(text => Chatwoot.AgentReplyAsync(conversation, text)));
        var shown = new List<string>();
        while (shown.Count < texts.Count) shown.Add((await Ana.Incoming.ReadAsync(Ct)).Text);
        Assert.Equal(texts, shown);
        Chatwoot.Faults.BeforeWebhook = null;
        await Chatwoot.AgentReplyAsync(conversation, "last");
        Assert.Equal("last", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task A_callback_that_never_comes_holds_the_later_ones_for_a_moment_only()
    {
        var conversation = (await AnaWritesAsync("hello")).ConversationId;
        Chatwoot.Faults.OnWebhook = body => body["content"]?.ToString() == "lost" ? WebhookFault.Lost : null;
        await Chatwoot.AgentReplyAsync(conversation, "lost");
        await Chatwoot.AgentReplyAsync(conversation, "there");
        Assert.Equal("there", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task A_callback_that_waits_is_answered_and_outlives_the_server()
    {
        var hello = await AnaWritesAsync("hello");
        var waiting = new JsonObject
        {
            ["event"] = "message_created",
            ["message_type"] = "outgoing",
            ["content"] = "after a gap",
            ["id"] = hello.Id + 9,
            ["account"] = new JsonObject { ["id"] = 1 },
            ["conversation"] = new JsonObject { ["id"] = hello.ConversationId },
        };
        Assert.Equal(201, (await CallbackAsync("app_shop", waiting.ToJsonString())).Status);
        Assert.Single(((HeldCallbacks)World.Product.Services.GetService(typeof(HeldCallbacks))!).All());
        await World.Product.DisposeAsync();
        await World.StartProductAsync(Ct);
        Assert.Equal("after a gap", (await Ana.Incoming.ReadAsync(Ct)).Text);
        Assert.Empty(((HeldCallbacks)World.Product.Services.GetService(typeof(HeldCallbacks))!).All());
    }

    [Fact]
    public async Task Where_signatures_are_enforced_only_chatwoots_own_callbacks_are_taken()
    {
        var conversation = (await AnaWritesAsync("hello")).ConversationId;
        var own = new JsonObject { ["webhookSignature"] = "enforce", ["webhookSecret"] = Secret };
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["config"]!["footbridge"] = own), 200);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        var forged = new JsonObject { ["event"] = "message_created", ["message_type"] = "outgoing", ["content"] = "forged", ["id"] = 99_999, ["conversation"] = new JsonObject { ["id"] = conversation } };
        Assert.Equal(401, (await CallbackAsync("app_shop", forged.ToJsonString())).Status);
        Chatwoot.WebhookSecret = Secret;
        await Chatwoot.AgentReplyAsync(conversation, "signed");
        Assert.Equal("signed", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }
}
