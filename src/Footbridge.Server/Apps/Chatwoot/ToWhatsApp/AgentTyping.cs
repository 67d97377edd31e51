using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

/// <summary>Shows customers that an agent writes to them. Nothing of it is kept, and nothing waits for it: what comes late is worth nothing.</summary>
/// <remarks>Chatwoot tells of typing since 4.2.0, not of recording, and of customers' typing too, which is our own coming back.</remarks>
internal sealed class AgentTyping(IMessageGate messages, Recipients recipients, TimeProvider time) : IDisposable
{
    /// <summary>Changes told to WhatsApp in a second, for one session: many agents type, one account is seen typing.</summary>
    public const int MostPerSecond = 5;

    /// <summary>WhatsApp's apps show typing no longer than about this, and an end may get lost.</summary>
    private static readonly TimeSpan ShownFor = TimeSpan.FromSeconds(25);

    private readonly ConcurrentDictionary<(string App, long Conversation), ITimer> _typing = new();
    private readonly Allowance _changes = new(MostPerSecond, TimeSpan.FromSeconds(1), time);

    /// <param name="body">A callback <c>conversation_typing_on</c> or <c>conversation_typing_off</c>.</param>
    public async Task ShowAsync(AppRecord app, JsonObject body, CancellationToken ct)
    {
        if (CallbackFields.IsTrue(body["is_private"]) || CallbackFields.Text(CallbackFields.Child(body["user"], "type")) != "user") return;
        if (CallbackFields.Number(CallbackFields.Child(body["conversation"], "id")) is not { } conversation || !SendingConfig.Read(app.Config).ShowsTyping) return;
        var isTyping = CallbackFields.Text(body["event"]) == "conversation_typing_on";
        if (isTyping == _typing.ContainsKey((app.Id, conversation))) return;
        if (await recipients.FindKnownAsync(app.Id, app.Session, conversation, ct) is not { } chat || !_changes.Take(app.Session)) return;
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
}
