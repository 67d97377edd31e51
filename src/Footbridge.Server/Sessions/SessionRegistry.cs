using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Footbridge.Engine;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Config;
using Footbridge.Server.Media;
using Footbridge.Server.Storage;
using Footbridge.Server.Storage.Archive;

namespace Footbridge.Server.Sessions;

/// <summary>All sessions: stored, and those that live in this process.</summary>
internal sealed partial class SessionRegistry(
    SqliteDatabase database, Ledger ledger, IEnumerable<IEventProjection> projections, SessionProfiles profiles, MessageArchive archive,
    MediaLinks links, EngineOptions options, MediaFolder files, Settings settings, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    public const int MaxNameLength = 54;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly string[] Reserved = ["sessions", "server", "apps", "keys", "files", "version", "contacts", "screenshot"];
    private readonly ConcurrentDictionary<string, Session> _live = new(StringComparer.Ordinal);
    private readonly ILogger _logger = loggers.CreateLogger<SessionRegistry>();
    private readonly IEventProjection[] _projections = [.. projections];

    /// <summary>A session's stored configuration, or null when there is no such session.</summary>
    public JsonObject? FindConfig(string name) =>
        database.Read(c => c.QueryFirst("SELECT config FROM sessions WHERE name = ?1", row => row.GetString(0), name)) is { } text ? JsonNode.Parse(text)!.AsObject() : null;

    public IReadOnlyCollection<Session> Running => [.. _live.Values];

    public IReadOnlyList<(string Name, JsonObject Config)> List() =>
        [.. database.Read(c => c.Query("SELECT name, config FROM sessions ORDER BY name", row => (row.GetString(0), row.GetString(1))))
            .Select(row => (row.Item1, JsonNode.Parse(row.Item2)!.AsObject()))];

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
        var added = await database.WriteAsync(c => c.Execute(
            "INSERT INTO sessions(name, config, wanted, created) VALUES(?1, ?2, 0, ?3) ON CONFLICT DO NOTHING",
            name, config.ToJsonString(), time.GetUtcNow().ToUnixTimeMilliseconds()), ct);
        if (added == 0) throw new RuleException($"Session '{name}' already exists. Use PUT to update it.");
        profiles.Reload();
    }

    public async Task UpdateAsync(string name, JsonObject config, CancellationToken ct)
    {
        Require(name);
        await database.WriteAsync(c => c.Execute("UPDATE sessions SET config = ?2 WHERE name = ?1", name, config.ToJsonString()), ct);
        profiles.Reload();
        if (Find(name) is { Status: not SessionStatus.Stopped }) await RestartAsync(name, ct);
    }

    /// <summary>Starts a stored session and remembers that it is wanted; harmless when it runs.</summary>
    public async Task StartAsync(string name, CancellationToken ct)
    {
        Require(name);
        await WantAsync(name, true, ct);
        await LockedAsync(Live(name), session => session.StartAsync(ct), ct);
    }

    public async Task StopAsync(string name, CancellationToken ct)
    {
        await WantAsync(name, false, ct);
        if (Find(name) is { } session) await LockedAsync(session, s => s.StopAsync(ct), ct);
    }

    public async Task RestartAsync(string name, CancellationToken ct)
    {
        Require(name);
        await WantAsync(name, true, ct);
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
        await database.WriteAsync(c => c.Execute("DELETE FROM sessions WHERE name = ?1", name), ct);
        await database.WriteAsync(c => c.Execute("DELETE FROM apps WHERE session = ?1", name), ct);
        await database.WriteAsync(c => MediaFileTable.DeleteAll(c, name), ct);
        files.DeleteAll(name);
        profiles.Reload();
    }

    /// <summary>Starts what is to run at boot: what ran when the process ended, all when so set, and the named ones.</summary>
    public async Task RestoreAsync(CancellationToken ct)
    {
        var isFirst = true;
        foreach (var name in NamesToRestore())
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
                _logger.SessionStartFailed(e, name);
            }
        }
    }

    private IEnumerable<string> NamesToRestore()
    {
        var stored = database.Read(c => c.Query("SELECT name, wanted FROM sessions ORDER BY name", row => (Name: row.GetString(0), IsWanted: row.GetInt64(1) == 1)));
        var running = stored.Where(s => settings.Sessions.RestoresRunning && s.IsWanted).Select(s => s.Name);
        var all = stored.Where(_ => settings.Sessions.RestoresAll).Select(s => s.Name);
        return running.Concat(all).Concat(settings.Sessions.StartedAtBoot).Distinct(StringComparer.Ordinal);
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

    private Session Live(string name) => _live.GetOrAdd(name, key => new Session(
        key, () => OptionsOf(key), links, events => new SqliteDeviceStore(key, database, ledger, _projections, e => IsIgnored(key, e) ? [] : events.For(e), time), ledger, time, loggers.CreateLogger<Session>()));

    private bool IsIgnored(string session, Engine.Events.EngineEvent e) => EventChats.Of(e) is { } chat && profiles.Of(session).Ignore.Covers(chat, settings.Ignore);

    private Engine.WaClientOptions OptionsOf(string session) => options.For(session, FindConfig(session) ?? [], OlderThan(session)) with { ChatHistory = new LastMessages(archive, session) };

    private int OlderThan(string name) => (int)database.Read(c => c.QueryFirst(
        "SELECT count(*) FROM sessions s, sessions o WHERE s.name = ?1 AND (o.created < s.created OR (o.created = s.created AND o.name < s.name))", row => row.GetInt64(0), name));

    private void Require(string name)
    {
        if (FindConfig(name) is null) throw new SessionNotFoundException();
    }

    private Task WantAsync(string name, bool wanted, CancellationToken ct) =>
        database.WriteAsync(c => c.Execute("UPDATE sessions SET wanted = ?2 WHERE name = ?1", name, wanted ? 1 : 0), ct);
}
