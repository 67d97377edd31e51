using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Footbridge.Server.Config;
using Footbridge.Server.Media;
using Footbridge.Server.Storage.Archive;

namespace Footbridge.Server.Sessions;

/// <summary>All sessions: stored, and those that live in this process.</summary>
internal sealed partial class SessionRegistry(
    SessionTable table, SessionFactory factory, MessageArchive archive, MediaFolder files, Settings settings, TimeProvider time, ILogger<SessionRegistry> logger) : IAsyncDisposable
{
    public const int MaxNameLength = 54;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly string[] Reserved = ["sessions", "server", "apps", "keys", "files", "version", "contacts", "screenshot"];
    private readonly ConcurrentDictionary<string, Session> _live = new(StringComparer.Ordinal);

    /// <summary>A session's stored configuration, or null when there is no such session.</summary>
    public JsonObject? FindConfig(string name) => table.FindConfig(name);

    public IReadOnlyCollection<Session> Running => [.. _live.Values];

    public IReadOnlyList<(string Name, JsonObject Config)> List() => table.List();

    /// <summary>The session if it lives here.</summary>
    public Session? Find(string name) => _live.GetValueOrDefault(name);

    /// <summary>A session that is linked and connected; waits a little for one that is about to be, and not for one that is off.</summary>
    /// <exception cref="SessionNotWorkingException">It is not, within 5 s.</exception>
    public async Task<Session> WaitWorkingAsync(string name, CancellationToken ct)
    {
        if (Find(name) is not { } session) throw FindConfig(name) is null ? SessionNotWorkingException.Missing(name) : SessionNotWorkingException.InState(name, SessionStatus.Stopped);
        if (await session.WaitAsync(status => status is SessionStatus.Working or SessionStatus.Stopped or SessionStatus.Failed, Patience, ct)
            && session.Status == SessionStatus.Working) return session;
        throw SessionNotWorkingException.InState(name, session.Status);
    }

    /// <summary>WAHA's guard of live-session routes: waits for the session to be there, then for its status, because scripts restart and send at once.</summary>
    /// <exception cref="SessionNotWorkingException">It did not come to be so in time.</exception>
    public async Task<Session> WaitForAsync(string name, string expected, CancellationToken ct)
    {
        var session = await WaitPresentAsync(name, ct);
        if (await session.WaitAsync(status => status == expected, settings.GuardStatusWait, ct)) return session;
        throw SessionNotWorkingException.InState(name, session.Status, expected);
    }

    /// <summary>A session that has left <c>STARTING</c>, or has not within the guard's time.</summary>
    /// <exception cref="SessionNotWorkingException">There is no such session.</exception>
    public async Task<Session> WaitStartedAsync(string name, CancellationToken ct)
    {
        var session = await WaitPresentAsync(name, ct);
        await session.WaitAsync(status => status != SessionStatus.Starting, settings.GuardStatusWait, ct);
        return session;
    }

    /// <exception cref="RuleException">The name is taken.</exception>
    public async Task CreateAsync(string name, JsonObject config, CancellationToken ct)
    {
        CheckName(name);
        if (!await table.AddAsync(name, config, ct)) throw new RuleException($"Session '{name}' already exists. Use PUT to update it.");
    }

    public async Task UpdateAsync(string name, JsonObject config, CancellationToken ct)
    {
        Require(name);
        await table.UpdateAsync(name, config, ct);
        if (Find(name) is { Status: not SessionStatus.Stopped }) await RestartAsync(name, ct);
    }

    /// <summary>Starts a stored session and remembers that it is wanted; harmless when it runs.</summary>
    public async Task StartAsync(string name, CancellationToken ct)
    {
        Require(name);
        await table.WantAsync(name, true, ct);
        await LockedAsync(Live(name), session => session.StartAsync(ct), ct);
    }

    public async Task StopAsync(string name, CancellationToken ct)
    {
        await table.WantAsync(name, false, ct);
        if (Find(name) is { } session) await LockedAsync(session, s => s.StopAsync(ct), ct);
    }

    public async Task RestartAsync(string name, CancellationToken ct)
    {
        Require(name);
        await table.WantAsync(name, true, ct);
        await LockedAsync(Live(name), async session =>
        {
            await session.StopAsync(ct);
            await session.StartAsync(ct);
        }, ct);
    }

    /// <summary>Unlinks the device; a session that was running starts again and shows a new QR code.</summary>
    public async Task LogoutAsync(string name, CancellationToken ct)
    {
        Require(name);
        await LockedAsync(Live(name), async session =>
        {
            var wasRunning = session.Status != SessionStatus.Stopped;
            await session.LogoutAsync(ct);
            await archive.EraseAsync(name, ct);
            if (wasRunning) await session.StartAsync(ct);
        }, ct);
    }

    public async Task DeleteAsync(string name, CancellationToken ct)
    {
        if (FindConfig(name) is null) return;
        var session = Live(name);
        await LockedAsync(session, s => s.LogoutAsync(ct), ct);
        if (_live.TryRemove(name, out _)) await session.DisposeAsync();
        await archive.EraseAsync(name, ct);
        await table.DeleteAsync(name, ct);
        files.DeleteAll(name);
    }

    /// <summary>Starts what is to run at boot: what ran when the process ended, all when so set, and the named ones.</summary>
    public async Task RestoreAsync(CancellationToken ct)
    {
        var isFirst = true;
        foreach (var name in table.NamesToRestore())
        {
            try
            {
                if (!isFirst && settings.Sessions.StartDelay > TimeSpan.Zero) await Task.Delay(settings.Sessions.StartDelay, time, ct);
                isFirst = false;
                if (FindConfig(name) is null) await CreateAsync(name, [], ct);
                await StartAsync(name, ct);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.SessionStartFailed(e, name);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_live.Values.Select(session => session.DisposeAsync().AsTask()));
        _live.Clear();
    }

    public static void CheckName(string name)
    {
        if (name.Length is 0 or > MaxNameLength || !NamePattern().IsMatch(name))
        {
            throw new InvalidRequestException("Session name can only contain alphanumeric characters, hyphens, and underscores (a-z, A-Z, 0-9, -, _) or be empty");
        }

        if (Reserved.Contains(name, StringComparer.Ordinal)) throw new InvalidRequestException($"Session name '{name}' is also the name of a route");
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]+$")]
    private static partial Regex NamePattern();

    private static async Task LockedAsync(Session session, Func<Session, Task> work, CancellationToken ct)
    {
        if (!await session.Lifecycle.WaitAsync(Patience, ct)) throw new RuleException($"Session '{session.Name}' is busy with another start or stop");
        try
        {
            await work(session);
        }
        finally
        {
            session.Lifecycle.Release();
        }
    }

    private async Task<Session> WaitPresentAsync(string name, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        while (FindConfig(name) is null)
        {
            if (time.GetElapsedTime(began) >= settings.GuardPresenceWait) throw SessionNotWorkingException.Missing(name);
            await Task.Delay(settings.GuardPoll, time, ct);
        }

        return Live(name);
    }

    private Session Live(string name) => _live.GetOrAdd(name, factory.Create);

    private void Require(string name)
    {
        if (FindConfig(name) is null) throw new SessionNotFoundException();
    }
}
