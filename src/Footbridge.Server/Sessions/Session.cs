using System.Text.Json.Nodes;
using Footbridge.Engine;
using Footbridge.Engine.Events;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Presence;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions.Events;
using Footbridge.Server.Storage;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Sessions;

/// <summary>A named account: its engine, its state in WAHA's words, and the events it gives rise to.</summary>
internal sealed class Session : IAsyncDisposable
{
    private const int KeptStatuses = 3;
    private readonly Func<WaClientOptions> _options;
    private readonly Ledger _ledger;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SessionEvents _events;
    private readonly WaClient _client;
    private readonly Lock _gate = new();
    private readonly List<(string Status, long At)> _statuses = [];
    private bool _isLeaving;
    private JsonObject? _data;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _telling = Task.CompletedTask;

    public Session(string name, Func<WaClientOptions> options, MediaLinks links, Func<SessionEvents, IDeviceStore> openStore, Ledger ledger, TimeProvider time, ILogger logger)
    {
        (Name, _options, _ledger, _time, _logger) = (name, options, ledger, time, logger);
        _events = new(name, links, () => Me);
        _client = new(options(), openStore(_events), StateChanged, time, logger) { PresenceChanged = TellPresence };
    }

    public string Name { get; }

    /// <summary>The account's engine; its features need the session to be <c>WORKING</c>.</summary>
    public WaClient Client => _client;

    public string Status { get; private set; } = SessionStatus.Stopped;

    /// <summary>Why the session failed, or what the last connection attempt said.</summary>
    public string? Detail { get; private set; }

    /// <summary>When a failed session goes on by itself; null: when somebody starts it.</summary>
    public DateTimeOffset? ResumesAt { get; private set; }

    public MeInfo? Me { get; private set; }

    /// <summary>The last states, the present one included, oldest first.</summary>
    public IReadOnlyList<(string Status, long At)> Statuses
    {
        get
        {
            lock (_gate) return [.. _statuses];
        }
    }

    /// <summary>When it became <c>WORKING</c> the last time, in Unix milliseconds; null: not since this process began.</summary>
    public long? LastWorkingAt { get; private set; }

    /// <summary>The text of the QR code to scan now, or null.</summary>
    public string? Qr { get; private set; }

    /// <summary>The status, and what <c>session.status</c> carries with it.</summary>
    public (string Status, JsonObject? Data) StatusData
    {
        get
        {
            lock (_gate) return (Status, _data?.DeepClone().AsObject());
        }
    }

    /// <summary>Serializes starts, stops and deletes of this session.</summary>
    public SemaphoreSlim Lifecycle { get; } = new(1);

    /// <summary>Connects, by the configuration as it is now.</summary>
    public Task StartAsync(CancellationToken ct)
    {
        _client.Options = _options();
        return _client.StartAsync(ct);
    }

    public Task StopAsync(CancellationToken ct) => _client.StopAsync(ct);

    /// <summary>Unlinks the device. On the way there only <c>STOPPED</c> is told: that the connection breaks is no news then.</summary>
    public async Task LogoutAsync(CancellationToken ct)
    {
        Me = null;
        lock (_gate) _isLeaving = true;
        try
        {
            await _client.LogoutAsync(ct);
        }
        finally
        {
            lock (_gate) _isLeaving = false;
        }
    }

    /// <summary>Puts a file on WhatsApp's media hosts in the form that a chat takes: in clear for channels, sealed for everybody else.</summary>
    /// <inheritdoc cref="MediaFeature.UploadAsync"/>
    public Task<UploadedMedia> UploadAsync(Jid chat, MediaKind kind, Stream plain, CancellationToken ct) =>
        chat.Server == JidServer.Newsletter ? _client.Media.UploadInClearAsync(kind, plain, ct) : _client.Media.UploadAsync(kind, plain, ct);

    public Task MarkReadAsync(Jid chat, IReadOnlyList<string> messageIds, CancellationToken ct) => _client.MarkReadAsync(chat, messageIds, ct);

    public ValueTask<Jid?> FindTwinAsync(Jid user, CancellationToken ct) => _client.FindTwinAsync(user, ct);

    public Task<Party?> FindAccountAsync(string phoneDigits, CancellationToken ct) => _client.FindAccountAsync(phoneDigits, ct);

    /// <summary>Waits until the status is as asked, or the time is over; says which.</summary>
    public async Task<bool> WaitAsync(Func<string, bool> matches, TimeSpan patience, CancellationToken ct)
    {
        var until = _time.GetTimestamp();
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (matches(Status)) return true;
                changed = _changed.Task;
            }

            var left = patience - _time.GetElapsedTime(until);
            if (left <= TimeSpan.Zero) return false;
            try
            {
                await changed.WaitAsync(left, _time, ct);
            }
            catch (TimeoutException)
            {
                return matches(Status);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _telling;
        Lifecycle.Dispose();
    }

    private void StateChanged(ConnectionState state)
    {
        var (status, qr, detail) = state switch
        {
            ConnectionState.WaitingForScan scan => (SessionStatus.ScanQrCode, scan.Qr, (string?)null),
            ConnectionState.PasskeyRequired => (SessionStatus.PasskeyRequired, null, null),
            ConnectionState.PasskeyConfirmation => (SessionStatus.PasskeyConfirmationRequired, null, null),
            ConnectionState.Online => (SessionStatus.Working, null, null),
            ConnectionState.Failed failed => (SessionStatus.Failed, null, failed.Detail),
            ConnectionState.Connecting connecting => (SessionStatus.Starting, null, connecting.LastError),
            _ => (SessionStatus.Stopped, (string?)null, (string?)null),
        };
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (_isLeaving && status != SessionStatus.Stopped) return;
            if (state is ConnectionState.Online online) Me = MeOf(online.Me);
            else if (state is ConnectionState.WaitingForScan or ConnectionState.Failed { Reason: DisconnectReason.LoggedOut }) Me = null;
            var data = PasskeyPayloads.Of(state);
            // A further code is news although the status stays; the same one told again is not.
            var isNews = status != Status || (status == SessionStatus.ScanQrCode && qr != Qr) || !JsonNode.DeepEquals(data, _data);
            _data = data;
            (Qr, Detail, ResumesAt) = (qr, detail, (state as ConnectionState.Failed)?.Until);
            if (!isNews) return;
            Status = status;
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            if (status == SessionStatus.Working) LastWorkingAt = now;
            _statuses.Add((status, now));
            if (_statuses.Count > KeptStatuses) _statuses.RemoveAt(0);
            var told = _events.Status(status, _statuses, data, now);
            _telling = TellAsync(_telling, new(told.Id, told.Write()));
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        _logger.SessionStatus(Name, status);
        changed.SetResult();
    }

    private void TellPresence(PresenceUpdate update)
    {
        lock (_gate)
        {
            var told = _events.Presence(update, _time.GetUtcNow().ToUnixTimeMilliseconds());
            _telling = TellAsync(_telling, new(told.Id, told.Write()));
        }
    }

    private async Task TellAsync(Task before, LedgerEntry entry)
    {
        await before;
        try
        {
            await _ledger.AppendAsync(entry, CancellationToken.None);
        }
        catch (Exception e)
        {
            _logger.EventLost(e, Name);
        }
    }

    private static MeInfo MeOf(Account account) =>
        new(WahaIds.ChatId(account.Phone), account.Lid?.ToUser().ToString(), account.Phone.ToString(), account.PushName);
}
