using Footbridge.Engine.AppState;
using Footbridge.Engine.Calls;
using Footbridge.Engine.Channels;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Groups;
using Footbridge.Engine.History;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Pairing;
using Footbridge.Engine.Presence;
using Footbridge.Engine.Status;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Connection;

/// <summary>From a start to a stop: reconnects as often as it takes, and ends by itself only when going on is pointless.</summary>
internal sealed class Run : IAsyncDisposable
{
    // A server that asks for a restart at every connection would make a hot loop.
    private const int MaxHaste = 3;
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);
    private static readonly TimeSpan VersionPause = TimeSpan.FromHours(1) / WebVersion.LooksPerHour;
    private static readonly SocketsHttpHandler VersionHandler = new() { UseCookies = false };
    private readonly CancellationTokenSource _stop = new();
    private readonly AccountLoop _loop = new();
    private readonly WaClientOptions _options;
    private readonly IDeviceStore _store;
    private readonly Action<ConnectionState> _tell;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LiveAccount _account;
    private readonly PreKeys _preKeys;
    private readonly AccountContext _context;
    private readonly EdgeRouting _routing;
    private readonly IReadOnlyList<IFeature> _features;
    private readonly QrRotation _rotation;
    private readonly Task _running;
    private bool _isOnline;

    public Run(Credentials credentials, WaClientOptions options, IDeviceStore store, Action<ConnectionState> tell, TimeProvider time, ILogger logger, Action<PresenceUpdate>? presenceChanged = null)
    {
        (_options, _store, _tell, _time, _logger) = (options, store, tell, time, logger);
        _account = new(options, _loop, time, logger);
        _account.Replace(credentials);
        _account.KnownServer = new(store, time);
        _preKeys = new(_account, _loop, store, options);
        _rotation = new(options, time, tell, _account.End);
        _context = new(_account, _loop, store, _preKeys, options, time, logger)
        {
            PresenceChanged = presenceChanged ?? (_ => { }),
            Used = () => Presence!.Touch(),
        };
        Messages = new(_context);
        Media = new(_context);
        Groups = new(_context, Messages.Sender);
        Status = new(_context, Messages.Sender);
        AppState = new(_context, Messages.Peers, Media);
        History = new(_context, Messages.Peers, Media);
        Contacts = new(_context) { Profile = { ShareName = AppState.RenameAsync } };
        Presence = new(_context);
        Calls = new(_context);
        Channels = new(_context, Messages.Sender);
        _features = [Messages, Media, Groups, Status, AppState, History, Contacts, Presence, Calls, Channels];
        _account.Router = new(_account.Send, logger);
        LinkCodes = new(_account, _rotation, options, time, logger);
        Passkeys = new(_context, _account, _rotation, LinkCodes);
        _account.Router.Add("iq/md", new PairingHandler(_account, store, _rotation, LinkCodes, Passkeys, options));
        _account.Router.Add("notification/" + PasskeyPairing.RequestType, Passkeys);
        _account.Router.Add("notification/" + PasskeyPairing.ContinuationType, Passkeys);
        _account.Router.Add("notification/link_code_companion_reg", LinkCodes);
        _account.Router.Add("ib/dirty", _context.Dirty);
        _account.Router.Add("ib/edge_routing", _routing = new(_context));
        _context.Dirty.On("account_sync", _ =>
        {
            _context.Devices.Forget(_account.Me.Phone);
            return Task.CompletedTask;
        });
        foreach (var feature in _features) feature.Register(_account.Router);
        _account.LoggedIn = LoggedInAsync;
        _account.Renamed = me => tell(new ConnectionState.Online(me));
        _account.RefreshKeys = _preKeys.CheckDigestAsync;
        _running = RunAsync(_stop.Token);
    }

    public bool IsRunning => !_running.IsCompleted;

    public LivenessSnapshot Liveness => _account.Liveness.Snapshot;

    public MessagesFeature Messages { get; }

    public MediaFeature Media { get; }

    public CodePairing LinkCodes { get; }

    public PasskeyPairing Passkeys { get; }

    public GroupsFeature Groups { get; }

    public StatusFeature Status { get; }

    public AppStateFeature AppState { get; }

    public HistoryFeature History { get; }

    public ContactsFeature Contacts { get; }

    public PresenceFeature Presence { get; }

    public CallsFeature Calls { get; }

    public ChannelsFeature Channels { get; }

    /// <summary>Best effort: the caller erases the local state whatever the server says.</summary>
    public async Task TellServerOfLogoutAsync(CancellationToken ct)
    {
        try
        {
            var remove = Node.Of("remove-companion-device", [("jid", _account.Me.Phone), ("reason", "user_initiated")]);
            await _account.QueryAsync(Iq.Set("md", remove), _options.QueryTimeout, ct);
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException or NotOnlineException)
        {
            _logger.LoginStepFailed("logout", e.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Presence.Dispose();
        await _context.Background.DisposeAsync();
        await _context.Commits.DrainAsync();
        await _loop.DisposeAsync();
        await _context.Commits.DrainAsync();
        _rotation.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken ct)
    {
        var failures = 0;
        string? lastError = null;
        while (!ct.IsCancellationRequested)
        {
            _tell(new ConnectionState.Connecting(failures, lastError));
            _isOnline = false;
            var revision = _options.Version.Revision;
            var end = await _account.RunOnceAsync(ct);
            if (end.Then == AfterEnd.RefreshVersion) end = await RefreshVersionAsync(end, revision, ct);
            _rotation.Stop();
            if (ct.IsCancellationRequested) return;
            _logger.ConnectionEnded(end.Detail, end.Then);
            (failures, lastError) = (_isOnline ? 1 : failures + 1, end.Detail);
            if (end.Then is AfterEnd.Stop or AfterEnd.Erase)
            {
                if (end.Then == AfterEnd.Erase) await _store.EraseAsync(CancellationToken.None);
                _tell(new ConnectionState.Failed(end.Reason, end.Detail));
                return;
            }

            if (end.Then == AfterEnd.Pause)
            {
                await PauseAsync(end, ct);
                failures = 0;
            }

            await _routing.ConnectionEndedAsync(_isOnline);
            if (end.Then == AfterEnd.ReconnectLater || (end.Then == AfterEnd.ReconnectAtOnce && failures > MaxHaste)) await Task.Delay(Backoff.Delay(failures, _options), _time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Stays away until the pause is over. Timers do not reach further than some weeks, so a long pause is slept in parts.</summary>
    private async Task PauseAsync(ConnectionEnd end, CancellationToken ct)
    {
        var until = _time.GetUtcNow() + end.Pause;
        _tell(new ConnectionState.Failed(end.Reason, end.Detail, until));
        while (!ct.IsCancellationRequested && until - _time.GetUtcNow() is { Ticks: > 0 } left)
        {
            await Task.Delay(left < LongestSleep ? left : LongestSleep, _time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Goes on at once with a newer web version, or after a while when none is known: the page may name one by then.</summary>
    private async Task<ConnectionEnd> RefreshVersionAsync(ConnectionEnd end, uint refused, CancellationToken ct)
    {
        if (_options.VersionPage is not { } page) return end with { Then = AfterEnd.Stop };
        try
        {
            var isNewer = await _options.Version.IsThereNewerAsync(refused, page, _options.Proxy?.Handler ?? VersionHandler, _time, ct);
            _logger.VersionRefused(refused, _options.Version.Revision);
            if (isNewer) return end with { Then = AfterEnd.ReconnectAtOnce };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            _logger.VersionUnknown(e.Message);
        }

        return end with { Then = AfterEnd.Pause, Pause = VersionPause };
    }

    /// <summary>The sequence after login, outside the loop. Source: docs/protocol/pairing-login.md.</summary>
    private async Task LoggedInAsync(CancellationToken ct)
    {
        await _preKeys.TopUpAsync(ct);
        _account.MarkOnline();
        await _account.QueryAsync(Iq.Set("passive", Node.Of("active")), _options.QueryTimeout, ct);
        _account.Send(Node.Of("ib", Node.Of("unified_session", [("id", UnifiedSessionId())])));
        _isOnline = true;
        _tell(new ConnectionState.Online(_account.Me));
        await TryAsync("sending again what had no ack", Messages.LoggedInAsync, ct);
        await TryAsync("the check of the prekeys", _preKeys.CheckDigestAsync, ct);
        foreach (var feature in _features.Where(f => f != Messages)) await TryAsync(feature.GetType().Name, feature.LoggedInAsync, ct);
    }

    private async Task TryAsync(string step, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        try
        {
            await work(ct);
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException)
        {
            _logger.LoginStepFailed(step, e.Message);
        }
    }

    private long UnifiedSessionId()
    {
        var week = TimeSpan.FromDays(7);
        return (_time.GetUtcNow().ToUnixTimeMilliseconds() + (long)TimeSpan.FromDays(3).TotalMilliseconds) % (long)week.TotalMilliseconds;
    }
}
