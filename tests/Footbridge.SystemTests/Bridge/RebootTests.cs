using System.Text.Json.Nodes;

namespace Footbridge.SystemTests.Bridge;

/// <summary>An agent restarts the server from the conversation: the process ends, whoever watches it starts it again, and nothing is lost or said twice.</summary>
public sealed class RebootTests
{
    [Theory]
    [InlineData("server reboot", "Server restart requested.")]
    [InlineData("server reboot --force", "Forced server restart requested.")]
    public async Task The_process_ends_once_and_goes_on_when_it_is_started_again(string command, string announced)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var ct = timeout.Token;
        await using var rig = await BridgeRig.StartAsync(customers: 1, ct);
        await AllowAsync(rig, ct);
        var integration = rig.Chatwoot.Integration!;
        await rig.Chatwoot.AgentReplyAsync(integration.Id, command);
        await rig.Product.EndedAsync(ct);
        var meanwhile = rig.Customers[0].SendText(rig.Shop.Number.User, "is anybody there?");
        await rig.Product.StartAsync(ct);
        await rig.Chatwoot.Store.WaitAsync(() => rig.Chatwoot.ConversationOf(rig.Customers[0].Number.User)?.Messages.Exists(m => m.SourceId == meanwhile) == true, ct);
        // Commands are carried out one after another: the one that stopped the process is settled before this.
        await rig.Chatwoot.AgentReplyAsync(integration.Id, "server status");
        await rig.Chatwoot.Store.WaitAsync(() => integration.Messages.Exists(m => m.Content?.Contains("\"uptime\"", StringComparison.Ordinal) == true), ct);
        Assert.Single(integration.Messages, m => m.Content?.Contains(announced, StringComparison.Ordinal) == true);
    }

    /// <summary>The settings go back as they were read, with a mask where the token is.</summary>
    private static async Task AllowAsync(BridgeRig rig, CancellationToken ct)
    {
        var path = $"/api/apps/app_{BridgeRig.Session}";
        var app = (await rig.Product.SendAsync(HttpMethod.Get, path, null, ct))!.AsObject();
        app["config"]!["commands"] = new JsonObject { ["server"] = true };
        await rig.Product.SendAsync(HttpMethod.Put, path, app, ct);
    }
}
