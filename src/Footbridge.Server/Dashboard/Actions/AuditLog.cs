using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Security;

namespace Footbridge.Server.Dashboard.Actions;

/// <summary>One thing that somebody did, or tried to do.</summary>
public sealed record AuditEntry(DateTimeOffset At, string Who, string Role, string Action, string Target, string Result);

/// <summary>One page of the audit.</summary>
public sealed record AuditView(IReadOnlyList<AuditEntry> Entries);

/// <summary>What was done by whom, in the database; the newest <see cref="Kept"/> entries.</summary>
internal sealed class AuditLog(SqliteDatabase database, TimeProvider time)
{
    public const int Kept = 100_000;

    public Task AppendAsync(Visitor visitor, string action, string target, string result, CancellationToken ct) => database.WriteAsync(connection =>
    {
        connection.Execute(
            "INSERT INTO audit(at, who, role, action, target, result) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
            time.GetUtcNow().ToUnixTimeMilliseconds(), visitor.Name, visitor.Role, action, target, result);
        connection.Execute("DELETE FROM audit WHERE seq <= (SELECT MAX(seq) FROM audit) - ?1", Kept);
    }, ct);

    /// <summary>One page, newest first.</summary>
    public IReadOnlyList<AuditEntry> Page(int skip, int take) => database.Read(connection => connection.Query(
        "SELECT at, who, role, action, target, result FROM audit ORDER BY seq DESC LIMIT ?2 OFFSET ?1",
        row => new AuditEntry(DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5)),
        skip, take));
}
