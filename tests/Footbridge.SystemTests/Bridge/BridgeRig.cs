using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;
using Microsoft.Data.Sqlite;

namespace Footbridge.SystemTests.Bridge;

/// <summary>The product as a process of its own between a simulated WhatsApp and a simulated Chatwoot, with customers who have phones.</summary>
internal sealed class BridgeRig : IAsyncDisposable
{
    public const string Session = "shop";
    private readonly string _folder = Directory.CreateTempSubdirectory("footbridge-rig-").FullName;

    private BridgeRig(WhatsAppSimulator whatsApp, ChatwootSimulator chatwoot, IReadOnlyDictionary<string, string>? environment)
    {
        (WhatsApp, Chatwoot) = (whatsApp, chatwoot);
        Product = new(_folder, new Dictionary<string, string>(environment ?? new Dictionary<string, string>())
        {
            ["FOOTBRIDGE_WHATSAPP_URL"] = whatsApp.ChatUrl.ToString(),
            ["FOOTBRIDGE_MEDIA_CERTIFICATE"] = whatsApp.Media.CertificateHash,
            ["FOOTBRIDGE_NOISE_ROOT"] = Convert.ToHexString(whatsApp.RootPublicKey),
        });
    }

    public WhatsAppSimulator WhatsApp { get; }

    public ChatwootSimulator Chatwoot { get; }

    public ProductProcess Product { get; }

    public FakePhone Shop { get; private set; } = null!;

    public IReadOnlyList<FakePhone> Customers { get; private set; } = [];

    public Uri WebhookUrl => new(Product.Url, $"/webhooks/chatwoot/{Session}/app_{Session}");

    /// <summary>Starts everything, links the shop's session and connects its app.</summary>
    public static async Task<BridgeRig> StartAsync(int customers, CancellationToken ct, IReadOnlyDictionary<string, string>? environment = null)
    {
        var rig = await OpenAsync(ct, environment);
        rig.Shop = rig.WhatsApp.AddAccount("5511900099999", "Shop");
        rig.Customers = [.. Enumerable.Range(0, customers).Select(i => rig.WhatsApp.AddAccount((5511900000000 + i).ToString(CultureInfo.InvariantCulture), $"Customer {i}"))];
        await rig.LinkAsync(Session, rig.Shop, ct);
        await rig.ConnectAsync(ct);
        return rig;
    }

    /// <summary>The product as it is after its first start: no session, no app.</summary>
    /// <param name="environment">Further variables for the product.</param>
    public static async Task<BridgeRig> OpenAsync(CancellationToken ct, IReadOnlyDictionary<string, string>? environment = null)
    {
        var whatsApp = await WhatsAppSimulator.StartAsync(new() { Records = false }, TimeProvider.System, ct);
        var rig = new BridgeRig(whatsApp, await ChatwootSimulator.StartAsync(0, TimeProvider.System, ct), environment);
        await rig.Product.StartAsync(ct);
        return rig;
    }

    public async Task LinkAsync(string session, FakePhone phone, CancellationToken ct)
    {
        await Product.SendAsync(HttpMethod.Post, "/api/sessions", new() { ["name"] = session }, ct);
        await Product.WaitStatusAsync(session, "SCAN_QR_CODE", ct);
        var qr = await Product.SendAsync(HttpMethod.Get, $"/api/{session}/auth/qr?format=raw", null, ct);
        await phone.PairAsync(qr!["value"]!.ToString(), ct);
        await Product.WaitStatusAsync(session, "WORKING", ct);
    }

    /// <summary>The broker loses its whole memory while the product runs or is down, as by FLUSHALL; the ledger stays.</summary>
    public async Task WipeBrokerAsync(CancellationToken ct)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder, "footbridge.db"), Pooling = false }.ToString());
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE; DELETE FROM jobs; DELETE FROM job_payloads; DELETE FROM job_lanes; DELETE FROM job_seen; DELETE FROM job_logs; COMMIT;";
        await command.ExecuteNonQueryAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await Product.DisposeAsync();
        await WhatsApp.DisposeAsync();
        await Chatwoot.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ConnectAsync(CancellationToken ct)
    {
        var config = new JsonObject
        {
            ["url"] = Chatwoot.BaseUrl.ToString(),
            ["accountId"] = ChatwootSimulator.AccountId,
            ["accountToken"] = ChatwootSimulator.Token,
            ["inboxId"] = ChatwootSimulator.InboxId,
            ["inboxIdentifier"] = ChatwootSimulator.InboxIdentifier,
        };
        var app = new JsonObject { ["id"] = "app_" + Session, ["session"] = Session, ["app"] = "chatwoot", ["config"] = config };
        await Product.SendAsync(HttpMethod.Post, "/api/apps", app, ct);
        Chatwoot.WebhookUrl = WebhookUrl;
    }
}
