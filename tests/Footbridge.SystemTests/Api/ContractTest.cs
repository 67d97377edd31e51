using System.Text.Json.Nodes;

namespace Footbridge.SystemTests.Api;

/// <summary>Operations against WAHA's published contract, on a product and a WhatsApp of the test's own.</summary>
/// <param name="seconds">How long a test may take.</param>
public abstract class ContractTest(int seconds = 60) : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(seconds));
    private readonly OpenApi? _contract = OpenApi.Load();

    protected CancellationToken Ct => _timeout.Token;

    private protected World World { get; private set; } = null!;

    private protected OpenApi Contract => _contract!;

    public async ValueTask InitializeAsync()
    {
        OpenApi.Require(_contract);
        World = await World.StartAsync(Ct);
        await PrepareAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (World is not null) await World.DisposeAsync();
        _timeout.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Who is there, and which session is linked, before the test.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>Calls an operation and holds its answer to the contract.</summary>
    private protected async Task<JsonNode?> CheckAsync(string method, string template, string path, string? body, int status)
    {
        var answer = await World.Api.ExpectAsync(new(method), path, body is null ? null : JsonNode.Parse(body), status, Ct);
        var errors = Contract.Check(method, template, answer.Status, answer.Body);
        Assert.True(errors.Count == 0, $"{method} {path}: {string.Join("; ", errors)}\n{answer.Body?.ToJsonString()}");
        return answer.Body;
    }
}
