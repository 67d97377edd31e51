using System.Globalization;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Sessions;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage;

/// <summary>What the ledger knows about deliveries; reads never wait for writers.</summary>
internal sealed class Deliveries(SqliteDatabase database)
{
    private const string Columns =
        "seq, job, app, direction, queue, lane, state, chat, conversation, wa_id, cw_id, received, queued, settled, attempts, decision";

    /// <summary>Deliveries by job id, WhatsApp id, Chatwoot message or conversation, lane, chat or phone number; the newest first.</summary>
    /// <param name="text">A Chatwoot message is a plain number or <c>app/conversation/message</c>; a phone number's punctuation does not count.</param>
    public Task<IReadOnlyList<DeliveryRow>> SearchAsync(string text, int take, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        text = text.Trim();
        if (text.Length == 0) return Task.FromResult<IReadOnlyList<DeliveryRow>>([]);
        var found = database.Read(c => ByMessage(c, null, text, take).Concat(ByChat(c, text, take)).ToList());
        return Task.FromResult<IReadOnlyList<DeliveryRow>>([.. found.DistinctBy(row => row.Seq).OrderByDescending(row => row.Seq).Take(take)]);
    }

    public DeliveryRow? Find(string jobId) => database.Read(c => ByJob(c, jobId)).FirstOrDefault();

    /// <summary>Everything about one message: its own delivery, and those of its receipts and retries, in the ledger's order.</summary>
    /// <param name="app">Only this app's, or null for all.</param>
    public IReadOnlyList<DeliveryRow> OfMessage(string? app, string id, int take) => database.Read(c =>
    {
        var anchors = ByMessage(c, app, id, take);
        var related = anchors.SelectMany(row => row.WaId is null ? [] : ByWhatsApp(c, row.WaId, take))
            .Concat(anchors.SelectMany(row => row.CwId is { } message ? ByChatwoot(c, row.App, message, take) : []));
        return (IReadOnlyList<DeliveryRow>)[.. anchors.Concat(related).Where(row => app is null || row.App == app).DistinctBy(row => row.Seq).OrderBy(row => row.Seq).Take(take)];
    });

    public IReadOnlyList<DeliveryHop> HopsOf(string jobId) => database.Read(c => c.Query(
        "SELECT at, kind, attempt, text FROM hops WHERE job = ?1 ORDER BY n",
        row => new DeliveryHop(Time(row, 0)!.Value, row.GetString(1), row.IsDBNull(2) ? null : row.GetInt32(2), Text(row, 3)), jobId));

    /// <summary>How many deliveries of a direction were received in a period.</summary>
    public long CountReceived(string app, DeliveryDirection direction, DateTimeOffset from, DateTimeOffset to) => database.Read(c => c.QueryFirst(
        "SELECT COUNT(*) FROM deliveries WHERE app = ?1 AND direction = ?2 AND received >= ?3 AND received < ?4",
        row => row.GetInt64(0), app, (int)direction, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds()));

    /// <summary>How many of them were given up or need a person.</summary>
    public IReadOnlyDictionary<DeliveryState, long> CountTroubled(string app, DeliveryDirection direction, DateTimeOffset from, DateTimeOffset to) => database.Read(c => c.Query(
        "SELECT state, COUNT(*) FROM deliveries WHERE app = ?1 AND direction = ?2 AND received >= ?3 AND received < ?4 AND state > 1 GROUP BY state",
        row => ((DeliveryState)row.GetInt32(0), row.GetInt64(1)), app, (int)direction, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds()))
        .ToDictionary(pair => pair.Item1, pair => pair.Item2);

    /// <summary>Those of them that were given up or need a person, the oldest first.</summary>
    public IReadOnlyList<DeliveryRow> Troubled(string app, DeliveryDirection direction, DateTimeOffset from, DateTimeOffset to, int take) => database.Read(c => c.Query(
        $"SELECT {Columns} FROM deliveries WHERE app = ?1 AND direction = ?2 AND received >= ?3 AND received < ?4 AND state > 1 ORDER BY received LIMIT ?5",
        Shape, app, (int)direction, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), take));

    /// <summary>One page of what is pending, lane by lane and in each lane in order, behind a place in that order.</summary>
    public IReadOnlyList<DeliveryRow> Pending((string Lane, long Seq) after, int take) => database.Read(c => c.Query(
        $"SELECT {Columns} FROM deliveries WHERE state = 0 AND (lane, seq) > (?1, ?2) ORDER BY lane, seq LIMIT ?3", Shape, after.Lane, after.Seq, take));

    /// <summary>What is pending, each way.</summary>
    public IReadOnlyList<PendingDeliveries> CountPending() => database.Read(c =>
    {
        var found = c.Query(
            "SELECT direction, COUNT(*), MIN(received) FROM deliveries WHERE state = 0 GROUP BY direction",
            row => new PendingDeliveries((DeliveryDirection)row.GetInt32(0), row.GetInt64(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2))));
        return Enum.GetValues<DeliveryDirection>().Select(direction => found.Find(all => all.Direction == direction) ?? new(direction, 0, null)).ToList();
    });

    public bool AnyPending() => database.Read(c => c.QueryFirst("SELECT EXISTS (SELECT 1 FROM deliveries WHERE state = 0)", row => row.GetBoolean(0)));

    /// <summary>Where messages of customers were posted of late.</summary>
    public IReadOnlyList<(long Conversation, long CwId)> DeliveredSince(string app, DateTimeOffset since) => database.Read(c => c.Query(
        "SELECT conversation, cw_id FROM deliveries WHERE app = ?1 AND direction = 0 AND received >= ?2 AND state = 1 AND queue = ?3 AND conversation IS NOT NULL AND cw_id IS NOT NULL",
        row => (row.GetInt64(0), row.GetInt64(1)), app, since.ToUnixTimeMilliseconds(), Queues.MessageAny));

    /// <summary>When an app last had something to carry, either way.</summary>
    public DateTimeOffset? LastReceived(string app) => database.Read(c => c.QueryFirst(
        """
        SELECT MAX(at) FROM (SELECT MAX(received) AS at FROM deliveries WHERE app = ?1 AND direction = 0
                             UNION ALL SELECT MAX(received) FROM deliveries WHERE app = ?1 AND direction = 1)
        """,
        row => Time(row, 0), app));

    private static List<DeliveryRow> ByMessage(SqliteConnection c, string? app, string text, int take)
    {
        var found = ByJob(c, text);
        found.AddRange(ByWhatsApp(c, WahaIds.RawId(text), take));
        var parts = text.Split('/');
        if (parts is [_, _, _] && Number(parts[2]) is { } exact) found.AddRange(ByChatwoot(c, parts[0], exact, take).Where(row => row.Conversation == Number(parts[1])));
        if (Number(text) is { } plain) foreach (var id in app is null ? AppIds(c) : [app]) found.AddRange(ByChatwoot(c, id, plain, take));
        return found;
    }

    private static List<DeliveryRow> ByChat(SqliteConnection c, string text, int take)
    {
        // A lane is app and chat, or app and conversation.
        var (app, place) = text.Split('/', 2) is [var first, var rest] ? (first, rest) : (null, text);
        var digits = new string([.. place.Split('@')[0].Where(char.IsAsciiDigit)]);
        var chats = new List<string> { place };
        if (digits.Length > 0) chats.AddRange([$"{digits}@s.whatsapp.net", $"{digits}@lid"]);
        chats.AddRange(c.Query(
            "SELECT DISTINCT chat FROM chatwoot_chats WHERE target IN (?1, ?2, ?3) OR conversation = ?4", row => row.GetString(0), chats[0], chats.ElementAtOrDefault(1), chats.ElementAtOrDefault(2), Number(place)));
        return [.. chats.Distinct(StringComparer.Ordinal).SelectMany(chat => c.Query(
            $"SELECT {Columns} FROM deliveries WHERE chat = ?1 AND (?2 IS NULL OR app = ?2) ORDER BY seq DESC LIMIT ?3", Shape, chat, app, take))];
    }

    private static List<string> AppIds(SqliteConnection c) => c.Query("SELECT id FROM apps", row => row.GetString(0));

    private static List<DeliveryRow> ByJob(SqliteConnection c, string job) => c.Query($"SELECT {Columns} FROM deliveries WHERE job = ?1", Shape, job);

    private static List<DeliveryRow> ByWhatsApp(SqliteConnection c, string id, int take) =>
        c.Query($"SELECT {Columns} FROM deliveries WHERE wa_id = ?1 ORDER BY seq DESC LIMIT ?2", Shape, id, take);

    private static List<DeliveryRow> ByChatwoot(SqliteConnection c, string app, long id, int take) =>
        c.Query($"SELECT {Columns} FROM deliveries WHERE app = ?1 AND cw_id = ?2 ORDER BY seq DESC LIMIT ?3", Shape, app, id, take);

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DeliveryRow Shape(SqliteDataReader row) => new(
        row.GetString(1), row.GetString(2), (DeliveryDirection)row.GetInt32(3), row.GetString(4), row.GetString(5), (DeliveryState)row.GetInt32(6))
    {
        Seq = row.GetInt64(0),
        Chat = Text(row, 7),
        Conversation = row.IsDBNull(8) ? null : row.GetInt64(8),
        WaId = Text(row, 9),
        CwId = row.IsDBNull(10) ? null : row.GetInt64(10),
        ReceivedAt = Time(row, 11)!.Value,
        QueuedAt = Time(row, 12),
        SettledAt = Time(row, 13),
        Attempts = row.GetInt32(14),
        Reason = Text(row, 15),
    };

    private static DateTimeOffset? Time(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
