using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Footbridge.Server;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests;

/// <summary>The product on a folder of its own, beside a simulated WhatsApp.</summary>
internal sealed class World : IAsyncDisposable
{
    /// <summary>Runs the tests beside another Chatwoot than the newest: <c>4.2.0</c>, <c>4.13.0</c>.</summary>
    public const string ChatwootVersionVariable = "FOOTBRIDGE_TEST_CHATWOOT";

    public const string ApiKey = "test-key-for-one-world-only";
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "footbridge-" + Guid.NewGuid().ToString("N"));
    private readonly SocketsHttpHandler _handler = new();
    private readonly List<HeardEvents> _listening = [];

    public WhatsAppSimulator WhatsApp { get; private set; } = null!;

    public ChatwootSimulator Chatwoot { get; private set; } = null!;

    public Product Product { get; private set; } = null!;

    public HttpClient Api { get; private set; } = null!;

    public string Folder => _folder;

    /// <summary>The product's clock; the simulators run on the system's.</summary>
    public TimeProvider Time { get; private init; } = TimeProvider.System;

    /// <summary>Changes the settings of each start of the product.</summary>
    public Action<Settings>? Configure { get; set; }

    public static async Task<World> StartAsync(CancellationToken ct, bool records = true, Action<Settings>? configure = null, TimeProvider? time = null)
    {
        var world = new World { Configure = configure, Time = time ?? TimeProvider.System, WhatsApp = await WhatsAppSimulator.StartAsync(new() { Records = records }, TimeProvider.System, ct) };
        world.Chatwoot = await ChatwootSimulator.StartAsync(0, TimeProvider.System, ct);
        if (Environment.GetEnvironmentVariable(ChatwootVersionVariable) is { Length: > 0 } version) world.Chatwoot.Store.Account.Version = version;
        await world.StartProductAsync(ct);
        return world;
    }

    public Settings Settings()
    {
        var settings = Defaults();
        Configure?.Invoke(settings);
        return settings;
    }

    private Settings Defaults() => new()
    {
        Port = 0,
        Bind = "127.0.0.1",
        DataFolder = _folder,
        ApiKey = ApiKey,
        DashboardPassword = "test-password",
        WhatsAppUrl = WhatsApp.ChatUrl,
        NoiseRoot = WhatsApp.RootPublicKey,
        Media = { Certificate = MediaTrust.Hash(WhatsApp) },
        LogLevel = Microsoft.Extensions.Logging.LogLevel.Error,
        Jobs = { BackoffDelay = TimeSpan.FromMilliseconds(50) },
        GuardPresenceWait = TimeSpan.FromMilliseconds(50),
        GuardStatusWait = TimeSpan.FromMilliseconds(300),
        QuietWindow = TimeSpan.Zero,
        QuarantineWait = TimeSpan.FromMilliseconds(200),
        GuardPoll = TimeSpan.FromMilliseconds(20),
    };

    public async Task StartProductAsync(CancellationToken ct)
    {
        Product = await Product.StartAsync(Settings(), Time, ct);
        Api = new HttpClient(_handler, disposeHandler: false) { BaseAddress = Product.Url };
        Api.DefaultRequestHeaders.Add("X-Api-Key", ApiKey);
    }

    /// <summary>Creates a session over HTTP and links it to a phone.</summary>
    public async Task LinkAsync(string session, FakePhone phone, CancellationToken ct)
    {
        using var created = await Api.PostAsJsonAsync("/api/sessions", new JsonObject { ["name"] = session }, ct);
        created.EnsureSuccessStatusCode();
        await PairAsync(session, phone, ct);
    }

    /// <summary>Links a session that is there to a phone, when it asks for that.</summary>
    public async Task PairAsync(string session, FakePhone phone, CancellationToken ct)
    {
        await WaitStatusAsync(session, "SCAN_QR_CODE", ct);
        var qr = await Api.GetFromJsonAsync<JsonObject>($"/api/{session}/auth/qr?format=raw", ct);
        await phone.PairAsync(qr!["value"]!.ToString(), ct);
        await WaitStatusAsync(session, "WORKING", ct);
    }

    /// <summary>Creates a ChatWoot app on the simulated inbox and points the inbox's webhook at it.</summary>
    public async Task ConnectChatwootAsync(string session, CancellationToken ct, JsonObject? conversations = null)
    {
        var config = new JsonObject
        {
            ["url"] = Chatwoot.BaseUrl.ToString(),
            ["accountId"] = ChatwootSimulator.AccountId,
            ["accountToken"] = ChatwootSimulator.Token,
            ["inboxId"] = ChatwootSimulator.InboxId,
            ["inboxIdentifier"] = ChatwootSimulator.InboxIdentifier,
        };
        if (conversations is not null) config["conversations"] = conversations;
        await PostAsync("/api/apps", new() { ["id"] = "app_" + session, ["session"] = session, ["app"] = "chatwoot", ["config"] = config }, 201, ct);
        PointWebhook(session);
    }

    /// <summary>Hears of the product's events from now on; what one tells of can be read over the API when it is heard.</summary>
    public HeardEvents Listen()
    {
        var heard = new HeardEvents((LiveEvents)Product.Services.GetService(typeof(LiveEvents))!);
        _listening.Add(heard);
        return heard;
    }

    public void PointWebhook(string session) => Chatwoot.WebhookUrl = new(Product.Url, $"/webhooks/chatwoot/{session}/app_{session}");

    public async Task WaitStatusAsync(string session, string status, CancellationToken ct)
    {
        var sessions = (SessionRegistry)Product.Services.GetService(typeof(SessionRegistry))!;
        Assert.True(await sessions.Find(session)!.WaitAsync(s => s == status, TimeSpan.FromSeconds(20), ct), $"{session} is {sessions.Find(session)!.Status}, not {status}");
    }

    public async Task<JsonNode?> PostAsync(string path, JsonObject body, int expected, CancellationToken ct)
    {
        using var response = await Api.PostAsJsonAsync(path, body, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        Assert.True((int)response.StatusCode == expected, $"{(int)response.StatusCode}: {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public async ValueTask DisposeAsync()
    {
        _listening.ForEach(heard => heard.Dispose());
        Api.Dispose();
        await Product.DisposeAsync();
        await WhatsApp.DisposeAsync();
        await Chatwoot.DisposeAsync();
        _handler.Dispose();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }
}
