using Footbridge.Engine.Store;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Config;
using Footbridge.Server.Storage.Archive;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage;

/// <summary>Deletes, a few times a day, what is only of use for a while: ids already seen, sent messages that may be asked for again, deliveries that ended.</summary>
/// <remarks>Looks beside the writer and deletes in steps, so that messages never wait for it.</remarks>
internal sealed class Housekeeper(SqliteDatabase database, MessageArchive archive, Settings settings, TimeProvider time, ILogger<Housekeeper> logger) : IAsyncDisposable
{
    private const int Step = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(6);

    /// <summary>WhatsApp keeps what waits for a device for 14 days, and asks for a message again within that time.</summary>
    private static readonly TimeSpan StateKept = TimeSpan.FromDays(15);

    /// <summary>How long a quote still finds the message it answers; WAHA's limit.</summary>
    private static readonly TimeSpan MapKept = TimeSpan.FromDays(365);

    /// <summary>How long somebody may still react to a message, or change it, under its secret.</summary>
    private static readonly TimeSpan SecretKept = TimeSpan.FromDays(180);

    private static readonly (StateKind Kind, TimeSpan Kept)[] Passing =
    [
        (StateKind.Seen, StateKept), (StateKind.Outbox, StateKept), (StateKind.Retry, StateKept), (StateKind.Unacknowledged, StateKept),
        (StateKind.WaitingMessage, StateKept), (StateKind.MessageSecret, SecretKept), (StateKind.ChannelServerId, SecretKept),
    ];

    private Rounds? _rounds;

    public void Start()
    {
        _rounds = new(Interval, SweepAsync, logger.SweepFailed, time);
        _rounds.Start();
    }

    /// <summary>One sweep over what the sessions left; gives the number of rows deleted.</summary>
    public async Task<int> SweepAsync(CancellationToken ct)
    {
        var deleted = 0;
        foreach (var account in Names("SELECT name FROM sessions"))
        {
            foreach (var (kind, kept) in Passing)
            {
                deleted += await SweepAsync(
                    kept,
                    (c, from, before) => c.Query(
                        "SELECT key FROM device_state WHERE account = ?1 AND kind = ?2 AND key > ?3 AND updated < ?4 ORDER BY key LIMIT ?5",
                        row => row.GetString(0), account, (int)kind, from, before, Step),
                    (c, key, before) => c.Execute("DELETE FROM device_state WHERE account = ?1 AND kind = ?2 AND key = ?3 AND updated < ?4", account, (int)kind, key, before),
                    ct);
            }

            if (settings.ArchiveDays > 0) deleted += await archive.SweepAsync(account, time.GetUtcNow() - TimeSpan.FromDays(settings.ArchiveDays), ct);
        }

        return deleted + await SweepDeliveriesAsync(ct);
    }

    /// <summary>Forgets an app's old pairs of messages; gives their number.</summary>
    public Task<int> SweepMessagesAsync(string app, CancellationToken ct) => SweepAsync(
        MapKept,
        (c, from, before) => c.Query(
            "SELECT wa_id FROM chatwoot_messages WHERE app = ?1 AND wa_id > ?2 AND updated < ?3 ORDER BY wa_id LIMIT ?4", row => row.GetString(0), app, from, before, Step),
        (c, key, before) =>
        {
            c.Execute("DELETE FROM chatwoot_receipts WHERE app = ?1 AND wa_id = ?2", app, key);
            c.Execute("DELETE FROM chatwoot_changes WHERE app = ?1 AND what > ?2 || ':' AND what < ?2 || ';'", app, key);
            return c.Execute("DELETE FROM chatwoot_messages WHERE app = ?1 AND wa_id = ?2 AND updated < ?3", app, key, before);
        },
        ct);

    public ValueTask DisposeAsync() => _rounds?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Deliveries that ended, with their hops; those of apps that are gone too.</summary>
    private async Task<int> SweepDeliveriesAsync(CancellationToken ct)
    {
        var deleted = 0;
        foreach (var app in Names("SELECT DISTINCT app FROM deliveries"))
        {
            foreach (var direction in Enum.GetValues<DeliveryDirection>())
            {
                deleted += await SweepAsync(
                    TimeSpan.FromDays(settings.LedgerDays),
                    (c, _, before) => c.Query(
                        "SELECT job FROM deliveries WHERE app = ?1 AND direction = ?2 AND received < ?3 AND +state <> 0 ORDER BY received LIMIT ?4",
                        row => row.GetString(0), app, (int)direction, before * 1000, Step),
                    (c, job, _) =>
                    {
                        c.Execute("DELETE FROM hops WHERE job = ?1", job);
                        return c.Execute("DELETE FROM deliveries WHERE job = ?1 AND state <> 0", job);
                    },
                    ct);
            }
        }

        return deleted;
    }

    private List<string> Names(string sql) => database.Read(c => c.Query(sql, row => row.GetString(0)));

    /// <param name="find">The keys after one that were last written before a time, in order, at most <see cref="Step"/>.</param>
    private async Task<int> SweepAsync(
        TimeSpan kept, Func<SqliteConnection, string, long, List<string>> find, Func<SqliteConnection, string, long, int> delete, CancellationToken ct)
    {
        var before = (time.GetUtcNow() - kept).ToUnixTimeSeconds();
        var (deleted, last) = (0, "");
        while (true)
        {
            var from = last;
            var keys = database.Read(c => find(c, from, before));
            if (keys.Count == 0) return deleted;
            deleted += await database.WriteAsync(c => keys.Sum(key => delete(c, key, before)), ct);
            last = keys[^1];
        }
    }
}
