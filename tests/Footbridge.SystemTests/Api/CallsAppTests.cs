using System.Text.Json.Nodes;
using Footbridge.SystemTests.Chatwoot;

namespace Footbridge.SystemTests.Api;

/// <summary>The app that answers calls.</summary>
public sealed class CallsAppTests : ChatwootTest
{
    protected override Task PrepareAsync() => World.LinkAsync("shop", Shop, Ct);

    [Fact]
    public async Task A_call_is_rejected_and_the_caller_is_written_to_once()
    {
        await CreateAsync(new() { ["dm"] = new JsonObject { ["message"] = "  Please write to us here.  " } });
        var call = Ana.People.Call(Shop.Number.User);
        var rejected = await Ana.People.WaitAsync(n => n.Tag == "call" && n.Child("reject")?["call-id"] == call, Ct);
        Assert.NotNull(rejected);
        Assert.Equal("Please write to us here.", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task A_message_is_sent_also_where_calls_are_left_to_the_phone()
    {
        await CreateAsync(new() { ["dm"] = new JsonObject { ["reject"] = false, ["message"] = "We call back." } });
        var heard = World.Listen();
        Ana.People.Call(Shop.Number.User);
        Assert.Equal("We call back.", (await Ana.Incoming.ReadAsync(Ct)).Text);
        Assert.DoesNotContain(await heard.WaitAsync(all => all.Any(e => e["event"]!.ToString() == "call.received"), Ct), e => e["event"]!.ToString() == "call.rejected");
    }

    [Fact]
    public async Task Settings_are_checked_changed_and_removed_and_need_no_chatwoot()
    {
        await CallAsync("POST", "/api/apps", Body(new() { ["dm"] = new JsonObject { ["reject"] = "perhaps" } }), 400);
        await CallAsync("POST", "/api/apps", Body(new() { ["group"] = new JsonObject { ["waitBeforeDecline"] = -1 } }), 400);
        await CreateAsync([]);
        Assert.Empty(Chatwoot.Requests.Entries);
        await CallAsync("POST", "/api/apps", Body([], "another"), 422);
        await CallAsync("PUT", "/api/apps/shop", Body(new() { ["dm"] = new JsonObject { ["waitBeforeResponse"] = 2.5 } }), 200);
        await CallAsync("GET", "/api/apps/shop/doctor", null, 404);
        Assert.Equal(404, (await CallbackAsync("shop", """{"event":"message_created","id":1,"message_type":"outgoing","content":"x","conversation":{"id":1}}""")).Status);
        await CallAsync("DELETE", "/api/apps/shop", null, 200);
        Assert.Empty(Chatwoot.Requests.Entries);
    }

    private static JsonObject Body(JsonObject config, string id = "shop") => new() { ["id"] = id, ["session"] = "shop", ["app"] = "calls", ["config"] = config };

    private Task CreateAsync(JsonObject config) => CallAsync("POST", "/api/apps", Body(config), 201);
}
