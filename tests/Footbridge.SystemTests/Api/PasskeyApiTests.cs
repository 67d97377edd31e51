using System.Text.Json.Nodes;
using System.Threading.Channels;
using Footbridge.Server.Sessions;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.Simulator.WhatsApp.State;
using Microsoft.Extensions.DependencyInjection;

namespace Footbridge.SystemTests.Api;

/// <summary>Linking an account that has a passkey, over HTTP; what session.status tells on the way.</summary>
public sealed class PasskeyApiTests : IAsyncLifetime
{
    private const string Passkey = "/api/{session}/auth/passkey";
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));
    private readonly OpenApi? _contract = OpenApi.Load();
    private readonly ShiftedTime _time = new();
    private readonly Channel<JsonNode> _statuses = Channel.CreateUnbounded<JsonNode>();
    private World _world = null!;
    private FakePhone _phone = null!;
    private SimPasskey _passkey = null!;
    private IDisposable _listening = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync(Ct, time: _time);
        _phone = _world.WhatsApp.AddAccount("5511900000099", "Shop");
        _passkey = _phone.AddPasskey();
        _listening = _world.Product.Services.GetRequiredService<LiveEvents>().Listen(Hear);
    }

    public async ValueTask DisposeAsync()
    {
        _listening.Dispose();
        await _world.DisposeAsync();
        _passkey.Dispose();
        _timeout.Dispose();
    }

    [Fact]
    public async Task A_session_with_a_passkey_is_linked_through_the_api()
    {
        OpenApi.Require(_contract);
        var linking = await ScanAsync();
        var challenge = await CheckedAsync(HttpMethod.Get, "/challenge", null, 200);
        Assert.Equal("web.whatsapp.com", challenge!["rpId"]!.ToString());
        Assert.Null(await CheckedAsync(HttpMethod.Post, "", JsonNode.Parse(_passkey.Sign(challenge.ToJsonString())), 201));
        await linking;
        await _world.WaitStatusAsync("shop", "WORKING", Ct);
        var told = await ToldUntilWorkingAsync();
        Assert.True(JsonNode.DeepEquals(challenge, Data(told, "PASSKEY_REQUIRED")));
        Assert.Null(Data(told, "SCAN_QR_CODE"));
        Assert.Null(Data(told, "WORKING"));
        Assert.DoesNotContain(told, e => e["status"]!.ToString() == "PASSKEY_CONFIRMATION_REQUIRED");
    }

    [Fact]
    public async Task A_code_is_compared_when_the_phone_no_longer_knows_the_device()
    {
        OpenApi.Require(_contract);
        var linking = await ScanAsync();
        var challenge = await CheckedAsync(HttpMethod.Get, "/challenge", null, 200);
        _time.Offset = TimeSpan.FromMinutes(6);
        await CheckedAsync(HttpMethod.Post, "", JsonNode.Parse(_passkey.Sign(challenge!.ToJsonString())), 201);
        await _world.WaitStatusAsync("shop", "PASSKEY_CONFIRMATION_REQUIRED", Ct);
        var shown = await CheckedAsync(HttpMethod.Get, "/confirmation", null, 200);
        Assert.Equal(_passkey.ShownCode, shown!["code"]!.ToString());
        Assert.Null(await CheckedAsync(HttpMethod.Post, "/confirm", null, 201));
        await linking;
        await _world.WaitStatusAsync("shop", "WORKING", Ct);
        Assert.True(JsonNode.DeepEquals(shown, Data(await ToldUntilWorkingAsync(), "PASSKEY_CONFIRMATION_REQUIRED")));
    }

    [Fact]
    public async Task Calls_out_of_turn_and_wrong_answers_are_refused_with_the_reason()
    {
        await _world.PostAsync("/api/sessions", new() { ["name"] = "shop" }, 201, Ct);
        await _world.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        foreach (var (method, path, what, status) in new[]
        {
            (HttpMethod.Get, "/challenge", "challenge", "PASSKEY_REQUIRED"), (HttpMethod.Post, "", "challenge", "PASSKEY_REQUIRED"),
            (HttpMethod.Get, "/confirmation", "confirmation", "PASSKEY_CONFIRMATION_REQUIRED"), (HttpMethod.Post, "/confirm", "confirmation", "PASSKEY_CONFIRMATION_REQUIRED"),
        })
        {
            await RefusedAsync(method, path, method == HttpMethod.Post ? [] : null, 422, $"No passkey {what} is pending. It is in {status} status. The current status is SCAN_QR_CODE");
        }

        await ScanAsync();
        await RefusedAsync(HttpMethod.Post, "", [], 400, "type must be a string and not be empty");
        await RefusedAsync(HttpMethod.Post, "", JsonNode.Parse(_passkey.Sign(_passkey.Options("AAAA")))!.AsObject(), 400, "the assertion is an answer to another challenge");
        await RefusedAsync(HttpMethod.Post, "/confirm", [], 422, "No passkey confirmation is pending. It is in PASSKEY_CONFIRMATION_REQUIRED status. The current status is PASSKEY_REQUIRED");
    }

    private async Task<Task> ScanAsync()
    {
        if ((await _world.Api.CallAsync(HttpMethod.Get, "/api/sessions/shop", null, Ct)).Status == 404) await _world.PostAsync("/api/sessions", new() { ["name"] = "shop" }, 201, Ct);
        await _world.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        var qr = await _world.Api.GetAsync("/api/shop/auth/qr?format=raw", 200, Ct);
        var linking = _phone.PairAsync(qr.Body!["value"]!.ToString(), Ct);
        await _world.WaitStatusAsync("shop", "PASSKEY_REQUIRED", Ct);
        return linking;
    }

    private async Task<JsonNode?> CheckedAsync(HttpMethod method, string path, JsonNode? body, int expected)
    {
        var (status, answer) = await _world.Api.ExpectAsync(method, Passkey.Replace("{session}", "shop", StringComparison.Ordinal) + path, body, expected, Ct);
        Assert.Empty(_contract!.Check(method.Method, Passkey + path, status, answer));
        return answer;
    }

    private async Task RefusedAsync(HttpMethod method, string path, JsonObject? body, int status, string why)
    {
        var (_, answer) = await _world.Api.ExpectAsync(method, "/api/shop/auth/passkey" + path, body, status, Ct);
        Assert.Equal(why, (answer!["message"] is JsonArray all ? all[0]! : answer["message"]!).ToString());
    }

    private void Hear(LiveEvent told)
    {
        if (told.Name == "session.status") _statuses.Writer.TryWrite(JsonNode.Parse(told.Bytes)!["payload"]!);
    }

    /// <summary>The payloads of session.status, in order. They come when they are durable, which may be after the status has changed.</summary>
    private async Task<List<JsonNode>> ToldUntilWorkingAsync()
    {
        List<JsonNode> told = [];
        while (told is [] || told[^1]["status"]!.ToString() != "WORKING") told.Add(await _statuses.Reader.ReadAsync(Ct));
        return told;
    }

    private static JsonNode? Data(IEnumerable<JsonNode> told, string status) => told.First(e => e["status"]!.ToString() == status)["data"];
}
