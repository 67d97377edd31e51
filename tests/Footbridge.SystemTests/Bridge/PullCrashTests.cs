using System.Globalization;
using Footbridge.Protocol.Generated;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Bridge;

/// <summary>An import while the process is killed again and again, with live messages in between.</summary>
public sealed class PullCrashTests
{
    private const int Messages = 120;
    private const int Kills = 4;

    [Fact]
    public async Task Kill_9_in_the_middle_of_an_import_loses_nothing_doubles_nothing_and_keeps_the_order()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(180));
        var ct = timeout.Token;
        await using var rig = await BridgeRig.StartAsync(customers: 1, ct);
        var customer = rig.Customers[0];
        await GiveAsync(rig, ct);
        var integration = rig.Chatwoot.Integration!;
        await rig.Chatwoot.AgentReplyAsync(integration.Id, "messages pull");
        var live = new List<string>();
        for (var kill = 1; kill <= Kills; kill++)
        {
            var until = kill * Messages / (Kills + 1);
            await rig.Chatwoot.Store.WaitAsync(() => Past(rig).Count >= until, ct);
            await rig.Product.KillAsync();
            live.Add(customer.SendText(rig.Shop.Number.User, $"live {kill}"));
            await rig.Product.StartAsync(ct);
        }

        await rig.Chatwoot.Store.WaitAsync(() => integration.Messages.Any(m => m.Content?.StartsWith("💬✅", StringComparison.Ordinal) == true), ct);
        await rig.Chatwoot.Store.WaitAsync(() => live.TrueForAll(id => All(rig).Contains(id)), ct);
        Assert.Equal(Enumerable.Range(0, Messages).Select(Id), Past(rig));
        Assert.Equal(Messages + Kills, All(rig).Count);
        Assert.Equal(live, All(rig).Where(live.Contains));
    }

    private static string Id(int i) => "P" + i.ToString("D3", CultureInfo.InvariantCulture);

    private static List<string> Past(BridgeRig rig) => [.. All(rig).Where(id => id.StartsWith('P'))];

    private static List<string> All(BridgeRig rig) => rig.Chatwoot.ConversationOf(rig.Customers[0].Number.User) is not { } conversation ? []
        : [.. rig.Chatwoot.MessagesOf(conversation).Where(m => m.Type == SimMessageType.Incoming).Select(m => m.SourceId!)];

    /// <summary>The phone tells of the chat's past; waits until the API finds it.</summary>
    private static async Task GiveAsync(BridgeRig rig, CancellationToken ct)
    {
        var (chat, now) = (rig.Customers[0].Number, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var sync = new HistorySync { SyncType = HistorySync.Types.HistorySyncType.Recent };
        sync.Conversations.Add(PhoneHistory.Chat(chat, Enumerable.Range(0, Messages).Select(i => PhoneHistory.Text(chat, Id(i), isFromMe: false, now - 7200 + i, $"past {i}"))));
        sync.PhoneNumberToLidMappings.Add(new PhoneNumberToLIDMapping { PnJid = chat.ToString(), LidJid = rig.Customers[0].Lid.ToString() });
        var device = rig.WhatsApp.FindDevice(rig.Shop.Number with { Device = 1 })!;
        rig.Shop.History.Give(device, sync, isInline: false);
        while ((await rig.Product.SendAsync(HttpMethod.Get, $"/api/{BridgeRig.Session}/chats/{chat.User}@c.us/messages?limit=200&downloadMedia=false", null, ct))!.AsArray().Count < Messages)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        }
    }
}
