using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage.Archive;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;
using Microsoft.Extensions.DependencyInjection;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>A shop whose phone has given its past, and an inbox that does not have it yet.</summary>
public abstract class PullTest : ChatwootTest
{
    protected static readonly Jid AnaChat = new(Customer, JidServer.User);
    protected static readonly Jid BeaChat = new("5511900000002", JidServer.User);

    protected static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    protected virtual JsonObject Commands => new() { ["server"] = true, ["queue"] = true };

    protected override async Task PrepareAsync()
    {
        await World.LinkAsync("shop", Shop, Ct);
        await CallAsync("POST", "/api/apps", App(change: app => app["config"]!["commands"] = Commands), 201);
        World.PointWebhook("shop");
    }

    /// <summary>The phone tells of a chat's past, and it is in the archive.</summary>
    private protected Task GiveAsync(Jid chat, params IEnumerable<WebMessageInfo> messages) => GiveAsync(chat, null, messages);

    private protected async Task GiveAsync(Jid chat, string? pushName, IEnumerable<WebMessageInfo> messages)
    {
        var arrived = World.Product.Services.GetRequiredService<HistoryArrivals>().NextAsync("shop", chat, TimeSpan.FromSeconds(20), Ct);
        var sync = new HistorySync { SyncType = HistorySync.Types.HistorySyncType.Recent };
        sync.Conversations.Add(PhoneHistory.Chat(chat, messages));
        // Phones tell which number is which LID.
        if (chat == AnaChat) sync.PhoneNumberToLidMappings.Add(new PhoneNumberToLIDMapping { PnJid = chat.ToString(), LidJid = Ana.Lid.ToString() });
        if (pushName is not null) sync.Pushnames.Add(new Pushname { Id = chat.ToString(), Pushname_ = pushName });
        var me = World.Product.Services.GetRequiredService<SessionRegistry>().Find("shop")!.Client.Me!.Phone;
        Shop.History.Give(World.WhatsApp.FindDevice(me)!, sync);
        await arrived;
    }

    /// <summary>Messages of one chat, a minute apart, the last one an hour ago.</summary>
    private protected static IEnumerable<WebMessageInfo> Past(Jid chat, string prefix, int count) => Enumerable.Range(0, count).Select(i =>
        PhoneHistory.Text(chat, prefix + i.ToString("D3", CultureInfo.InvariantCulture), isFromMe: i % 3 == 2, Now - 3600 - ((count - i) * 60), $"old {prefix} {i}", "Somebody"));

    private protected Task CommandAsync(string text, SimConversation? conversation = null) => Chatwoot.AgentReplyAsync((conversation ?? Integration).Id, text);

    private protected Task<SimMessage> DoneAsync() => SaidAsync(Integration, "imported for");

    /// <summary>What came from WhatsApp into a conversation, by its ids, in order.</summary>
    private protected List<string> ImportedInto(SimConversation conversation) => [.. Chatwoot.MessagesOf(conversation).Where(m => m.SourceId is { Length: > 0 } && !m.SourceId.StartsWith("pull_", StringComparison.Ordinal)).Select(m => m.SourceId!)];
}
