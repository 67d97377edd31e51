using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Config;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>A shop beside one version of Chatwoot, in which rows are played one after another: its customers and chats are known already.</summary>
internal sealed class RowWorld : IAsyncDisposable
{
    public const string AnasNumber = "5511900000001";
    public const string BensNumber = "5511900000002";

    /// <summary>For making a world, or for playing one row in it.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public required World World { get; init; }

    public required FakePhone Shop { get; init; }

    public required FakePhone Ana { get; init; }

    public required FakePhone Ben { get; init; }

    /// <summary>Of the shop, Ana and Ben.</summary>
    public Jid Group { get; private set; }

    /// <summary>Ana's, which the shop follows.</summary>
    public Jid Channel { get; private set; }

    public static async Task<RowWorld> StartAsync(string version)
    {
        using var patience = new CancellationTokenSource(Patience);
        var world = await World.StartAsync(patience.Token, configure: Configure);
        world.Chatwoot.Store.Account.Version = version;
        var home = new RowWorld
        {
            World = world,
            Shop = world.WhatsApp.AddAccount("5511900000099", "Shop"),
            Ana = world.WhatsApp.AddAccount(AnasNumber, "Ana Example"),
            Ben = world.WhatsApp.AddAccount(BensNumber, "Ben Example"),
        };
        await home.PrepareAsync(patience.Token);
        return home;
    }

    /// <summary>What a row that failed left behind must not fail those after it.</summary>
    public void RemoveFaults() => (World.Chatwoot.Faults.OnRequest, World.WhatsApp.Rules.Refuses, World.WhatsApp.Media.Fault) = (null, null, null);

    public ValueTask DisposeAsync() => World.DisposeAsync();

    private static void Configure(Settings settings) => settings.PublicUrl = "https://bridge.example";

    private async Task PrepareAsync(CancellationToken ct)
    {
        await World.LinkAsync("shop", Shop, ct);
        await World.ConnectChatwootAsync("shop", ct, new JsonObject { ["sort"] = "created_newest" });
        Group = Shop.Groups.Create("Buyers", AnasNumber, BensNumber);
        Channel = Ana.Channels.Create("Shop news");
        Shop.Channels.Follow(Channel);
        var row = new Row(this, ct);
        await row.AllowAsync(queue: true, server: true);
        await row.ArrivesAsync(Ana.SendText(Shop.Number.User, "hello"));
        await row.ArrivesAsync(Ben.SendText(Shop.Number.User, "hello"));
        await row.ArrivesAsync(Ana.Groups.SendText(Group, "hello all"));
        // Rows mark nothing of this as read: that is done with the first answer, and over before the second one.
        await row.AnswersAsync("good day");
        await row.AnswersAsync("good day");
        await row.AnswersAsync("good day", null, row.GroupConversation);
        await row.ArrivesAsync(Ana.Channels.PostText(Channel, "hello everybody"));
        await row.ArrivesAsync(Ana.Groups.SendStatus(new() { ExtendedTextMessage = new() { Text = "hello world" } }, Shop.Number.User));
    }
}

/// <summary>One world for each version of Chatwoot, made when its first row is played.</summary>
public sealed class RowWorlds : IAsyncLifetime
{
    /// <summary>The newest that is carried, the first one that signs its callbacks, and the oldest.</summary>
    public static IReadOnlyList<string> Versions { get; } = ["4.15.1", "4.13.0", "4.2.0"];

    private readonly ConcurrentDictionary<string, Lazy<Task<RowWorld>>> _worlds = new(StringComparer.Ordinal);

    /// <summary>Each row with each version.</summary>
    internal static TheoryData<string, string> Each(IEnumerable<string> rows) => [.. rows.SelectMany(row => Versions.Select(version => (row, version)))];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var world in _worlds.Values) await (await world.Value).DisposeAsync();
    }

    internal Task<RowWorld> OfAsync(string version) => _worlds.GetOrAdd(version, name => new(() => RowWorld.StartAsync(name))).Value;
}
