using Footbridge.Engine.Events;
using Footbridge.Jobs.Sqlite;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>How many members of a group have a message, and have read and played it.</summary>
internal sealed record GroupReceipts(int Delivered, int Read, int Played);

/// <summary>What is about to change in what agents see, and who in groups has their messages.</summary>
internal sealed class ChangeLog(SqliteDatabase database)
{
    /// <param name="what">What is shown once at a time, <c>{message}:{what}</c>.</param>
    public Task NoteAsync(string app, string what, string change, CancellationToken ct) => database.WriteAsync(c => c.Execute(
        "INSERT INTO chatwoot_changes(app, what, change) VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET change = ?3", app, what, change), ct);

    public string? Latest(string app, string what) => database.Read(c => c.QueryFirst(
        "SELECT change FROM chatwoot_changes WHERE app = ?1 AND what = ?2", row => row.GetString(0), app, what));

    /// <summary>A member has a message, or has read it: a level only rises. Gives how many have by now.</summary>
    public async Task<GroupReceipts> AddReceiptAsync(string app, string waId, string person, int level, CancellationToken ct)
    {
        await database.WriteAsync(c => c.Execute(
            "INSERT INTO chatwoot_receipts(app, wa_id, person, level) VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET level = MAX(level, ?4)", app, waId, person, level), ct);
        return database.Read(c => c.QueryFirst(
            "SELECT COUNT(*), SUM(level >= ?3), SUM(level >= ?4) FROM chatwoot_receipts WHERE app = ?1 AND wa_id = ?2",
            row => new GroupReceipts(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2)), app, waId, (int)AckLevel.Read, (int)AckLevel.Played))!;
    }
}
