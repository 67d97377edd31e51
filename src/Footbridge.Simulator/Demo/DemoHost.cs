using System.Globalization;
using System.Security.Cryptography;
using Footbridge.Simulator.Control;

namespace Footbridge.Simulator.Demo;

/// <summary>`demo`: the simulators, the product as a child process, and the page, until somebody stops them.</summary>
internal sealed class DemoHost : IAsyncDisposable
{
    private const string Session = "bakery";
    private const string Password = "demo";
    private const string Business = "12025550199";
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    // Numbers that are set aside for fiction in their countries.
    private static readonly (string Number, string Name, string Greeting)[] Customers =
    [
        ("12025550101", "Ana Ribeiro", "Hi! Do you still have *sourdough* today?"),
        ("447700900102", "Tom Okafor", "Morning, is my cake order ready?"),
        ("61491570156", "Mei Lindqvist", "Are you open on Sunday?"),
    ];

    private readonly TimeProvider _time;
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "footbridge-demo-" + Guid.NewGuid().ToString("N"));
    private readonly string _apiKey = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly Uri _productUrl;
    private SimulatedWorld? _world;
    private ProductProcess? _process;
    private ProductClient? _product;
    private ControlHost? _page;

    private DemoHost(int productPort, TimeProvider time) => (_productUrl, _time) = (new($"http://localhost:{productPort}"), time);

    public static async Task<int> RunAsync(DemoCommand command, TextWriter output, TimeProvider time, CancellationToken ct)
    {
        await using var demo = new DemoHost(Ports.Choose(command.ProductPort), time);
        return await demo.RunAsync(command, output, ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_page is not null) await _page.DisposeAsync();
        if (_process is not null) await _process.DisposeAsync();
        _product?.Dispose();
        if (_world is not null) await _world.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private async Task<int> RunAsync(DemoCommand command, TextWriter output, CancellationToken ct)
    {
        var business = await PrepareAsync(ct);
        var watch = new SessionWatch(_product!, Session, _productUrl, _time);
        watch.Changed += _world!.Touch;
        _page = await ControlHost.StartAsync(command.Port, _world, watch.Describe, new DemoApi(_product!, watch, business.Phone).Map, ct);
        _process = ProductProcess.Start(command.Product, _folder, ProductSettings(), _time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var exited = _process.WaitForExitAsync(ending.Token);
        try
        {
            await ConnectAsync(business, exited, ct);
            await output.WriteLineAsync(Welcome());
            await output.FlushAsync(ct);
            var watching = watch.RunAsync(ending.Token);
            var first = await Task.WhenAny(exited, watching);
            if (ct.IsCancellationRequested) return await EndAsync();
            if (first == watching) await watching;
            throw new SimulatorException(_process.Obituary());
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    /// <summary>Stops the product; a bad end is told, as it would be one in production too.</summary>
    private async Task<int> EndAsync()
    {
        await _process!.StopAsync();
        return _process.HasEndedWell ? 0 : throw new SimulatorException(_process.Obituary());
    }

    private async Task<Handset> PrepareAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(_folder);
        _world = await SimulatedWorld.StartAsync(0, 0, _time, ct);
        var business = _world.AddPhone(Business, "Harbor Bakery")!;
        // The shop's own phone lies in a drawer, switched off: a second tick then means that Footbridge has the message.
        business.Phone.SendsDeliveryReceipts = false;
        foreach (var (number, name, _) in Customers) _world.AddPhone(number, name);
        // By number: "localhost" would try IPv6 first, where somebody else may listen.
        _product = new(new($"http://127.0.0.1:{_productUrl.Port}"), _apiKey, Session, _time);
        return business;
    }

    /// <summary>Links the session, connects Chatwoot, and lets every customer say hello.</summary>
    private async Task ConnectAsync(Handset business, Task exited, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(StartPatience, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        var connecting = LinkAndConnectAsync(business, limit.Token);
        try
        {
            if (await Task.WhenAny(connecting, exited) == exited && _process!.HasExited) throw new SimulatorException(_process.Obituary());
            await connecting;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new SimulatorException($"Footbridge was not ready within {StartPatience.TotalSeconds} s.");
        }

        foreach (var (number, _, greeting) in Customers) _world!.FindPhone(number)!.Phone.SendText(Business, greeting);
    }

    private async Task LinkAndConnectAsync(Handset business, CancellationToken ct)
    {
        await _product!.WaitReadyAsync(ct);
        await _product.CreateSessionAsync(ct);
        await _product.LinkAsync(business.Phone, ct);
        await _product.ConnectAsync(_world!.Chatwoot, ct);
    }

    private Dictionary<string, string> ProductSettings() => new(StringComparer.Ordinal)
    {
        ["WHATSAPP_API_PORT"] = _productUrl.Port.ToString(CultureInfo.InvariantCulture),
        ["FOOTBRIDGE_BIND"] = "127.0.0.1",
        ["FOOTBRIDGE_DATA"] = Path.Combine(_folder, "data"),
        ["FOOTBRIDGE_WHATSAPP_URL"] = _world!.WhatsApp.ChatUrl.ToString(),
        ["FOOTBRIDGE_MEDIA_CERTIFICATE"] = _world!.WhatsApp.Media.CertificateHash,
        ["FOOTBRIDGE_NOISE_ROOT"] = Convert.ToHexStringLower(_world.WhatsApp.RootPublicKey),
        ["WAHA_API_KEY"] = _apiKey,
        ["WAHA_DASHBOARD_PASSWORD"] = Password,
        ["WAHA_PUBLIC_URL"] = _productUrl.ToString().TrimEnd('/'),
        // By number, as above.
        ["FOOTBRIDGE_CALLBACK_URL"] = $"http://127.0.0.1:{_productUrl.Port}",
    };

    private string Welcome() => $"""

        Footbridge runs with a simulated WhatsApp and Chatwoot. Nothing leaves this machine.

          Demo        {_page!.Url}
          Footbridge  {_productUrl}   API key {_apiKey}
          Job pages   user admin, password {Password}

        Ctrl-C stops everything and removes its data.
        """;
}
