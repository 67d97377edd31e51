using System.Text.Json.Nodes;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Presence;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Apps.Calls;

/// <summary>Rejects calls and writes to those who called, as the app <c>calls</c> of a session says. In memory alone: a call that rang while nobody was there is over.</summary>
internal sealed class CallAnswers(AppRegistry apps, SessionRegistry sessions, LiveEvents live, TimeProvider time, ILogger<CallAnswers> logger) : IAsyncDisposable
{
    /// <summary>How long the caller sees that something is written.</summary>
    private static readonly TimeSpan Typing = TimeSpan.FromSeconds(2);

    private readonly UnattendedTasks _running = new();
    private readonly CancellationTokenSource _stop = new();
    private IDisposable? _listening;
    private int _disposed;

    public void Start() => _listening = live.Listen(Heard);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        _listening?.Dispose();
        await _stop.CancelAsync();
        await _running.EndedAsync();
        _stop.Dispose();
    }

    private void Heard(LiveEvent heard)
    {
        if (heard.Name != CallPayloads.Received) return;
        if (apps.Of(heard.Session).FirstOrDefault(app => app is { Enabled: true, App: AppRecord.Calls }) is not { } found) return;
        _running.Add(AnswerAsync(found, JsonNode.Parse(heard.Bytes)!["payload"]!.AsObject(), _stop.Token));
    }

    private async Task AnswerAsync(AppRecord app, JsonObject call, CancellationToken ct)
    {
        await Task.Yield();
        try
        {
            var (id, from) = (call["id"]?.ToString(), call["from"]?.ToString());
            // One that came while the session was away has ended since.
            if (id is null || from is null || call["_data"]?["isMissed"]?.GetValue<bool>() == true || WahaIds.ParseChatId(from) is not { } caller) return;
            var config = CallsConfig.Read(app.Config);
            var rules = call["isGroup"]?.GetValue<bool>() == true ? config.Group : config.Direct;
            if (!rules.Rejects && rules.Message is null) return;
            var session = await sessions.WaitWorkingAsync(app.Session, ct);
            if (rules.Rejects)
            {
                if (rules.WaitBeforeDecline > TimeSpan.Zero) await Task.Delay(rules.WaitBeforeDecline, time, ct);
                await session.Client.Calls.RejectAsync(caller, id, ct);
            }

            if (rules.Message is not { } message) return;
            if (rules.WaitBeforeResponse > TimeSpan.Zero) await Task.Delay(rules.WaitBeforeResponse, time, ct);
            await TypeAsync(session, caller, ct);
            // The id comes of the call: whoever hears of it twice writes once.
            await session.Client.SendTextAsync(new(MessageIds.Derive($"{app.Id}|{id}|answer"), caller, message), ct);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            logger.CallNotAnswered(e, app.Session);
        }
    }

    private async Task TypeAsync(Session session, Protocol.Xml.Jid caller, CancellationToken ct)
    {
        try
        {
            await session.Client.Presence.TellChatAsync(caller, PresenceKind.Typing, ct);
            await Task.Delay(Typing, time, ct);
            await session.Client.Presence.TellChatAsync(caller, PresenceKind.Paused, ct);
        }
        catch (Exception e) when (e is NotOnlineException or TimeoutException)
        {
            // The message is what counts.
            logger.CallerTypingNotShown(session.Name, e.Message);
        }
    }
}
