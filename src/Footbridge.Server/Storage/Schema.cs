using Footbridge.Jobs.Sqlite;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage;

/// <summary>Brings a database to the newest schema: the numbered files in Migrations, each once, in order.</summary>
internal static class Schema
{
    public static Task MigrateAsync(SqliteDatabase database, CancellationToken ct) => database.WriteAsync(connection =>
    {
        Run(connection, "CREATE TABLE IF NOT EXISTS schema_version(name TEXT PRIMARY KEY)");
        var done = connection.Query("SELECT name FROM schema_version", row => row.GetString(0));
        var assembly = typeof(Schema).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            if (done.Contains(name)) continue;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            Run(connection, reader.ReadToEnd());
            connection.Execute("INSERT INTO schema_version(name) VALUES(?1)", name);
        }
    }, ct);

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text comes from this assembly's own files.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
