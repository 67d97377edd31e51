using Footbridge.Server.Apps.Chatwoot.ToWhatsApp;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Interop;

/// <summary>Customers who use a client nobody here wrote, and agents in Chatwoot, with the whole product between them.</summary>
public sealed class BridgeInteropTests : IAsyncLifetime
{
    private const string App = "app_shop";
    private const int Chats = 20;
    private const int TextsEachWay = 50;
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(150));
    private World _world = null!;
    private FakePhone _shop = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync(Ct);
        _shop = _world.WhatsApp.AddAccount("5511900000999", "Shop");
        await _world.LinkAsync("shop", _shop, Ct);
        await _world.ConnectChatwootAsync("shop", Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Theory]
    // Without baileys 6, which looks for a session under the address that a message came from and nowhere else (its jidToSignalProtocolAddress): it
    // writes to our number and we answer from our LID, so it asks for most answers again, each time after some seconds. They come, in another order.
    [InlineData("baileys")]
    [InlineData("zapo")]
    public async Task Twenty_chats_lose_double_reorder_and_misfile_nothing_and_every_tick_is_right(string name)
    {
        // Two, since a node process keeps only one core busy.
        await using var first = NpmHost.Start(name, _world.WhatsApp);
        await using var second = NpmHost.Start(name, _world.WhatsApp);
        var chats = await Task.WhenAll(Enumerable.Range(0, Chats).Select(i => OpenChatAsync(i % 2 == 0 ? first : second, i)));
        await Task.WhenAll(chats.SelectMany(chat => new[] { CustomerWritesAsync(chat), AgentWritesAsync(chat) }));

        foreach (var chat in chats) await ArrivedAsync(chat);
        await StatusesAsync(chats, _ => "delivered");
        foreach (var chat in chats) AssertComplete(chat);
        AssertNobodyElse();

        var readers = chats.Where((_, i) => i % 2 == 0).ToHashSet();
        foreach (var chat in readers) await ReadAsync(chat);
        await StatusesAsync(chats, chat => readers.Contains(chat) ? "read" : "delivered");
    }

    /// <summary>A customer links a client and says hello, and Chatwoot has a conversation for it.</summary>
    private async Task<Chat> OpenChatAsync(NpmHost host, int index)
    {
        var phone = _world.WhatsApp.AddAccount($"55119000000{index:00}", $"Customer {index:00}");
        // The ticks are to come from the npm client.
        phone.SendsDeliveryReceipts = false;
        var client = await host.LinkAsync(phone, Ct);
        var hello = await client.SendTextAsync(_shop.Number.User, TextOf(phone, 0), null, Ct);
        SimConversation? conversation = null;
        await _world.Chatwoot.Store.WaitAsync(() => (conversation = _world.Chatwoot.ConversationOf(phone.Number.User)) is { Messages.Count: > 0 }, Ct);
        return new(client, conversation!, [hello], []);
    }

    private async Task CustomerWritesAsync(Chat chat)
    {
        for (var i = 1; i < TextsEachWay; i++) chat.Questions.Add(await chat.Client.SendTextAsync(_shop.Number.User, TextOf(chat.Phone, i), null, Ct));
    }

    private async Task AgentWritesAsync(Chat chat)
    {
        for (var i = 0; i < TextsEachWay; i++) chat.Answers.Add(await _world.Chatwoot.AgentReplyAsync(chat.Conversation.Id, AnswerOf(chat.Phone, i)));
    }

    private async Task ReadAsync(Chat chat)
    {
        foreach (var answer in chat.AnswerIds) await chat.Client.ReadAsync(_shop.Number.User, answer, Ct);
    }

    private async Task ArrivedAsync(Chat chat)
    {
        await _world.Chatwoot.Store.WaitAsync(() => chat.Conversation.Messages.Any(m => m.SourceId == chat.Questions[^1]), Ct);
        foreach (var answer in chat.AnswerIds) await chat.Client.WaitMessageAsync(answer, Ct);
    }

    private Task StatusesAsync(IReadOnlyList<Chat> chats, Func<Chat, string> expected)
    {
        var wanted = chats.SelectMany(chat => chat.Answers.Select(answer => (Message: _world.Chatwoot.Store.FindMessage(answer)!, Status: expected(chat)))).ToList();
        return _world.Chatwoot.Store.WaitAsync(() => wanted.TrueForAll(w => w.Message.Status == w.Status), Ct);
    }

    private void AssertComplete(Chat chat)
    {
        var contact = chat.Conversation.Contact;
        Assert.Equal((chat.Phone.PushName, "+" + chat.Phone.Number.User), (contact.Name, contact.PhoneNumber));
        Assert.Equal($"{chat.Phone.Number.User}@c.us", contact.CustomAttributes["waha_whatsapp_chat_id"]?.ToString());
        Assert.Equal(chat.Phone.Lid.ToString(), contact.CustomAttributes["waha_whatsapp_lid"]?.ToString());

        var shown = _world.Chatwoot.MessagesOf(chat.Conversation);
        Assert.Equal(
            chat.Questions.Select((id, i) => (id, TextOf(chat.Phone, i))),
            shown.Where(m => m.Type == SimMessageType.Incoming).Select(m => (m.SourceId!, m.Content!)));
        Assert.Equal(chat.Answers, shown.Where(m => m.Type != SimMessageType.Incoming).Select(m => m.Id));

        // In order on the wire; a client may tell of what it got in another order (EngineInteropTests says how).
        Assert.Equal(chat.AnswerIds, _world.WhatsApp.Recorder.Stanzas
            .Where(s => !s.IsFromClient && s.Device == chat.Client.Device && Arrivals.IsFromSomebodyElse(s)).Select(s => s.Node["id"]!));
        Assert.Equal(chat.AnswerIds.Select((id, i) => (id, AnswerOf(chat.Phone, i))).Order(), chat.Client.Received.Select(m => (m.Id, m.Text)).Order());
    }

    private void AssertNobodyElse()
    {
        // One more of each is the integration's own.
        var (contacts, conversations) = _world.Chatwoot.Store.Read((c, v) => (c.Count, v.Count));
        Assert.Equal((Chats + 1, Chats + 1), (contacts, conversations));
    }

    private static string TextOf(FakePhone phone, int i) => $"question {i} of {phone.Number.User}";

    private static string AnswerOf(FakePhone phone, int i) => $"answer {i} to {phone.Number.User}";

    /// <param name="Questions">WhatsApp ids of what the customer wrote.</param>
    /// <param name="Answers">Chatwoot ids of what the agent wrote.</param>
    private sealed record Chat(NpmClient Client, SimConversation Conversation, List<string> Questions, List<long> Answers)
    {
        public FakePhone Phone => Client.Phone;

        /// <summary>The answers' WhatsApp ids.</summary>
        public IReadOnlyList<string> AnswerIds => [.. Answers.Select(answer => MessageCreatedJob.IdOf(App, Conversation.Id, answer))];
    }
}
