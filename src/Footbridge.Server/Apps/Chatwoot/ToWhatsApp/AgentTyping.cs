using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

/// <summary>Shows customers that an agent writes to them. Nothing of it is kept, and nothing waits for it: what comes late is worth nothing.</summary>
/// <remarks>Chatwoot tells of typing since 4.2.0, not of recording, and of customers' typing too, which is our own coming back.</remarks>
internal sealed class AgentTyping(IMessageGate messages, ChatPlaces places, TimeProvider time) : IDisposable
{
    /// <summary>Changes told to WhatsApp in a second, for one session: many agents type, one account is seen typing.</summary>
    public const int MostPerSecond = 5;

    /// <summary>WhatsApp's apps show typing no longer than about this, and an end may get lost.</summary>
    private static readonly TimeSpan ShownFor = TimeSpan.FromSeconds(25);

    private readonly ConcurrentDictionary<(string App, long Conversation), ITimer> _typing = new();
    private readonly ConcurrentDictionary<string, (long Second, int Told)> _told = new(StringComparer.Ordinal);

    /// <param name="body">A callback <c>conversation_typing_on</c> or <c>conversation_typing_off</c>.</param>
    public async Task ShowAsync(AppRecord app, JsonObject body, CancellationToken ct)
    {
        if (CallbackFields.IsTrue(body["is_private"]) || CallbackFields.Text(CallbackFields.Child(body["user"], "type")) != "user") return;
        if (CallbackFields.Number(CallbackFields.Child(body["conversation"], "id")) is not { } conversation || !SendingConfig.Read(app.Config).ShowsTyping) return;
        var isTyping = CallbackFields.Text(body["event"]) == "conversation_typing_on";
        if (isTyping == _typing.ContainsKey((app.Id, conversation)) || !Jid.TryParse(places.OfConversation(app.Id, conversation)?.Target, out var chat) || !MayTell(app.Session)) return;
        if (isTyping) Note((app.Id, conversation));
        else Forget((app.Id, conversation));
        await messages.ShowTypingAsync(app.Session, chat, isTyping, ct);
    }

    public void Dispose()
    {
        foreach (var chat in _typing.Keys) Forget(chat);
    }

    private void Note((string App, long Conversation) chat) =>
        _typing[chat] = time.CreateTimer(_ => Forget(chat), null, ShownFor, Timeout.InfiniteTimeSpan);

    private void Forget((string App, long Conversation) chat)
    {
        if (_typing.TryRemove(chat, out var timer)) timer.Dispose();
    }

    private bool MayTell(string session)
    {
        var second = time.GetUtcNow().ToUnixTimeSeconds();
        var (_, told) = _told.AddOrUpdate(session, (second, 1), (_, before) => before.Second == second ? (second, before.Told + 1) : (second, 1));
        return told <= MostPerSecond;
    }
}
