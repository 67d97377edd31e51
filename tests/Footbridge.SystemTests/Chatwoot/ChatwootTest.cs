using System.Text.Json.Nodes;
using Footbridge.Server.Config;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.SystemTests.Api;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>A shop's session, a customer's phone, and a Chatwoot; what the tests of the bridge have in common.</summary>
public abstract class ChatwootTest : IAsyncLifetime
{
    protected const string Customer = "5511900000001";
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(90));

    protected CancellationToken Ct => _timeout.Token;

    private protected World World { get; private set; } = null!;

    private protected ChatwootSimulator Chatwoot => World.Chatwoot;

    private protected FakePhone Shop { get; private set; } = null!;

    private protected FakePhone Ana { get; private set; } = null!;

    /// <summary>The integration conversation.</summary>
    private protected SimConversation Integration => Chatwoot.Integration!;

    public async ValueTask InitializeAsync()
    {
        World = await World.StartAsync(Ct, configure: Configure, time: Time);
        Ana = World.WhatsApp.AddAccount(Customer, "Ana Example");
        Shop = World.WhatsApp.AddAccount("5511900000099", "Shop");
        await PrepareAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        _timeout.Dispose();
        CleanUp();
        GC.SuppressFinalize(this);
    }

    /// <summary>What a test made besides its world goes.</summary>
    protected virtual void CleanUp()
    {
    }

    /// <summary>The product's clock.</summary>
    protected virtual TimeProvider Time => TimeProvider.System;

    private protected virtual void Configure(Settings settings)
    {
    }

    /// <summary>Unless a test wants it otherwise: the shop is linked and connected to the inbox.</summary>
    protected virtual async Task PrepareAsync()
    {
        await World.LinkAsync("shop", Shop, Ct);
        await World.ConnectChatwootAsync("shop", Ct);
    }

    private protected async Task<SimMessage> ArrivedAsync(string waId)
    {
        SimMessage? found = null;
        await Chatwoot.Store.WaitAsync(() => (found = Chatwoot.Store.Read((_, all) => all.Values.SelectMany(c => c.Messages).FirstOrDefault(m => m.SourceId == waId))) is not null, Ct);
        return found!;
    }

    /// <summary>Ana writes, and it has arrived.</summary>
    private protected Task<SimMessage> AnaWritesAsync(string text) => ArrivedAsync(Ana.SendText(Shop.Number.User, text));

    protected Task StatusAsync(long message, string status) => Chatwoot.Store.WaitAsync(() => Chatwoot.Store.FindMessage(message)!.Status == status, Ct);

    private protected async Task<SimMessage> SaidAsync(SimConversation conversation, Func<SimMessage, bool> matches)
    {
        SimMessage? found = null;
        await Chatwoot.Store.WaitAsync(() => (found = conversation.Messages.Find(m => matches(m))) is not null, Ct);
        return found!;
    }

    private protected Task<SimMessage> SaidAsync(SimConversation conversation, string part) => SaidAsync(conversation, m => m.Content?.Contains(part, StringComparison.Ordinal) ?? false);

    protected JsonObject App(string session = "shop", Action<JsonObject>? change = null)
    {
        var app = new JsonObject
        {
            ["id"] = "app_" + session,
            ["session"] = session,
            ["app"] = "chatwoot",
            ["config"] = new JsonObject
            {
                ["url"] = Chatwoot.BaseUrl.ToString(),
                ["accountId"] = 1,
                ["accountToken"] = ChatwootSimulator.Token,
                ["inboxId"] = ChatwootSimulator.InboxId,
                ["inboxIdentifier"] = ChatwootSimulator.InboxIdentifier,
            },
        };
        change?.Invoke(app);
        return app;
    }

    protected async Task<JsonNode?> CallAsync(string method, string path, JsonNode? body, int expected) => (await World.Api.ExpectAsync(new(method), path, body, expected, Ct)).Body;

    /// <summary>Calls the bridge's webhook as Chatwoot would, without a key.</summary>
    protected async Task<(int Status, JsonNode? Body)> CallbackAsync(string app, string? body)
    {
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = World.Product.Url };
        using var content = new StringContent(body ?? "", System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri($"/webhooks/chatwoot/shop/{app}", UriKind.Relative), content, Ct);
        var text = await response.Content.ReadAsStringAsync(Ct);
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }
}
