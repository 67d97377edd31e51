using System.Collections.Concurrent;
using Footbridge.Engine.Events;
using Footbridge.Protocol.Xml;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage.Archive;

/// <summary>Tells those who asked a phone for more of a chat's past when it is there.</summary>
internal sealed class HistoryArrivals(TimeProvider time) : IEventProjection
{
    private readonly ConcurrentDictionary<(string Account, Jid Chat), TaskCompletionSource> _awaited = new();

    /// <summary>Completes with the next part of a chat's past, or when the time is over: the phone may be off, or have no more.</summary>
    public async Task NextAsync(string account, Jid chat, TimeSpan patience, CancellationToken ct)
    {
        var arrived = _awaited.GetOrAdd((account, chat.ToUser()), _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await arrived.Task.WaitAsync(patience, time, ct);
        }
        catch (TimeoutException)
        {
            // What comes later is there for the next import.
            _awaited.TryRemove((account, chat.ToUser()), out _);
        }
    }

    public void Apply(SqliteConnection connection, string account, EngineEvent engineEvent)
    {
        // It keeps nothing.
    }

    public void Committed(string account, EngineEvent engineEvent)
    {
        if (engineEvent is not HistoryReceived history) return;
        foreach (var address in history.Chats.SelectMany(chat => new[] { chat.Chat.Address, chat.Chat.Phone, chat.Chat.Lid }).OfType<Jid>())
        {
            if (_awaited.TryRemove((account, address.ToUser()), out var arrived)) arrived.TrySetResult();
        }
    }
}
