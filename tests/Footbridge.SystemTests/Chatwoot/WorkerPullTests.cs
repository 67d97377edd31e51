using System.Globalization;
using Footbridge.Server.Config;
using Footbridge.Server.Workers;
using Footbridge.SystemTests.Jobs;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Commands and imports where jobs run in a process without a database.</summary>
public sealed class WorkerPullTests : PullTest
{
    private RedisServer? _redis;
    private WorkerProcess _worker = null!;

    private protected override void Configure(Settings settings)
    {
        _redis ??= RedisServer.StartAsync().GetAwaiter().GetResult();
        settings.RedisUrl = string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{_redis.Port}/0");
        settings.WorkerKey = "a-key-for-workers-under-test";
        settings.Roles = Roles.Api | Roles.Session;
    }

    protected override async Task PrepareAsync()
    {
        await base.PrepareAsync();
        var settings = World.Settings();
        (settings.Roles, settings.ApiUrl) = (Roles.Worker, World.Product.Url);
        _worker = await WorkerProcess.StartAsync(settings, TimeProvider.System, Ct);
    }

    protected override void CleanUp()
    {
        _worker.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _redis!.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    [Fact]
    public async Task Everything_an_import_needs_comes_over_the_workers_door()
    {
        await GiveAsync(AnaChat, "Ana Example", Past(AnaChat, "A", 30));
        await CommandAsync("contacts pull --dc 0s --db 0s");
        Assert.Equal("👤✅ Contacts imported: 🆕 1 🔄 0 🏷️ 0 ⚪ 0 🔴 0 🖼️ 0", (await SaidAsync(Integration, "Contacts imported")).Content);
        await CommandAsync("doctor");
        Assert.True((await SaidAsync(Integration, "🩺")).IsPrivate);
        await CommandAsync("link");
        Assert.True((await SaidAsync(Integration, "The account is linked already.")).IsPrivate);
        await CommandAsync("messages pull -b 7 --older");
        Assert.Equal("💬✅ all imported for 1d: 🆕 30 ☑️ 0 ⚪ 0 🔴 0", (await DoneAsync()).Content);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"A{i:D3}"), ImportedInto(Chatwoot.ConversationOf(Customer)!));
        await CommandAsync("messages pull 2d --dry-run -c 5511900000001@c.us");
        Assert.Equal("🔎 For 2d: 1 chats, 30 messages, 30 of them here already. Nothing was imported.", (await SaidAsync(Integration, "🔎")).Content);
        await CommandAsync("server status");
        await SaidAsync(Integration, "**Version**");
        await CommandAsync("messages cancel");
        await SaidAsync(Integration, "ℹ️ No import is running.");
    }
}
