using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Shows agents that a customer types or records, while it happens: nothing of it is kept, queued behind messages, or tried again.</summary>
/// <remarks>Chatwoot takes a mark off by itself after half a minute. WhatsApp tells of typing only while the session shows as online.</remarks>
internal sealed class TypingMirror(LiveEvents live, AppRegistry apps, ChatPlaces places, ChatwootClients clients, TimeProvider time, ILogger<TypingMirror> logger) : IAsyncDisposable
{
    private const int MaxWaiting = 256;
    private const int MaxRefused = 10_000;
    private static readonly TimeSpan SayAgainAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Channel<PublicEvent> _heard = Channel.CreateBounded<PublicEvent>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly ConcurrentDictionary<(string App, long Conversation), long> _typing = new();
    private readonly HashSet<(string App, long Conversation)> _refused = [];
    private readonly CancellationTokenSource _stopping = new();
    private IDisposable? _listening;
    private int _disposed;
    private Task _running = Task.CompletedTask;

    public void Start()
    {
        _listening = live.Listen(Hear);
        _running = RunAsync(_stopping.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        _listening?.Dispose();
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private void Hear(LiveEvent heard)
    {
        if (heard.Name is PresencePayloads.Event or PublicEvent.Message) _heard.Writer.TryWrite(heard.Event);
    }

    private async Task RunAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var heard in _heard.Reader.ReadAllAsync(ct)) await ShowAsync(heard, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The product stops: whoever types does so unseen.
        }
    }

    private async Task ShowAsync(PublicEvent heard, CancellationToken ct)
    {
        foreach (var app in apps.Of(heard.Session))
        {
            if (!app.Enabled || app.App != AppRecord.Chatwoot || places.Find(app.Id, ChatKey.Of(heard)) is not { Source: { } source } place) continue;
            var isTyping = IsTyping(heard.Payload);
            var key = (app.Id, place.Conversation);
            if (_refused.Contains(key) || !IsNews(key, isTyping)) continue;
            var config = ChatwootConfig.Read(app.Config);
            if (config.Sending.ShowsTyping) await TellAsync(config, key, source, isTyping, ct);
        }
    }

    /// <summary>Whoever has sent a message types no more.</summary>
    private static bool IsTyping(JsonObject payload) =>
        payload["presences"] is JsonArray presences && presences.Any(one => one?["lastKnownPresence"]?.ToString() is "typing" or "recording");

    private bool IsNews((string, long) conversation, bool isTyping)
    {
        var isShown = _typing.TryGetValue(conversation, out var since);
        return isTyping ? !isShown || time.GetElapsedTime(since) >= SayAgainAfter : isShown;
    }

    private async Task TellAsync(ChatwootConfig config, (string App, long Conversation) key, string source, bool isTyping, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        if (isTyping) _typing[key] = time.GetTimestamp();
        else _typing.TryRemove(key, out _);
        try
        {
            await clients.For(config, JobClass.Bulk).SetTypingAsync(source, key.Conversation, isTyping, either.Token);
        }
        catch (ChatwootException e) when (e.Status == 404)
        {
            // The conversation was opened through another of the contact's places, as after a merge, or is gone: there is no showing it there.
            if (_refused.Count >= MaxRefused) _refused.Clear();
            _refused.Add(key);
        }
        catch (Exception e) when (e is ChatwootException or ChatwootAwayException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            logger.TypingNotShown(key.App, e.Message);
        }
    }
}
