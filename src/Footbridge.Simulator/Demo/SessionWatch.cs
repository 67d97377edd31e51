using System.Text.Json.Nodes;

namespace Footbridge.Simulator.Demo;

/// <summary>Knows the state of the product's session: the page's buttons, and agents' commands in Chatwoot, both change it.</summary>
internal sealed class SessionWatch(ProductClient product, string name, Uri productUrl, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Raised when the state has changed.</summary>
    public event Action? Changed;

    public string Status { get; private set; } = "STARTING";

    public JsonObject Describe() => new() { ["name"] = name, ["status"] = Status, ["productUrl"] = productUrl.ToString().TrimEnd('/') };

    public async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Pause, time);
        do await LookAsync(ct);
        while (await timer.WaitForNextTickAsync(ct));
    }

    public async Task LookAsync(CancellationToken ct)
    {
        var status = await product.StatusAsync(ct) ?? "UNREACHABLE";
        if (status == Status) return;
        Status = status;
        Changed?.Invoke();
    }
}
