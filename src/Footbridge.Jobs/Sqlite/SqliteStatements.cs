using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Footbridge.Jobs.Sqlite;

/// <summary>SQL with positional parameters (<c>?1</c>, <c>?2</c>, …), prepared once per connection and SQL text.</summary>
/// <remarks>
/// For the connections that <see cref="SqliteDatabase"/> hands out: they live long, so a statement is compiled once. SQL must be
/// constant text; a value put into the text would fill the cache. Values may be null, integers, strings, byte arrays, doubles.
/// </remarks>
public static class SqliteStatements
{
    private static readonly ConditionalWeakTable<SqliteConnection, Dictionary<string, SqliteCommand>> Caches = [];
    private static readonly ConcurrentDictionary<int, string> Names = new();

    /// <summary>Runs a statement; the number of rows it inserted, changed or deleted.</summary>
    public static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> values) =>
        Bind(connection, sql, values).ExecuteNonQuery();

    /// <summary>The first row, shaped, or default when there is none.</summary>
    public static T? QueryFirst<T>(this SqliteConnection connection, string sql, Func<SqliteDataReader, T> shape, params ReadOnlySpan<object?> values)
    {
        using var reader = Bind(connection, sql, values).ExecuteReader();
        return reader.Read() ? shape(reader) : default;
    }

    /// <summary>All rows, shaped.</summary>
    public static List<T> Query<T>(this SqliteConnection connection, string sql, Func<SqliteDataReader, T> shape, params ReadOnlySpan<object?> values)
    {
        using var reader = Bind(connection, sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(shape(reader));
        return rows;
    }

    private static SqliteCommand Bind(SqliteConnection connection, string sql, ReadOnlySpan<object?> values)
    {
        var cache = Caches.GetOrCreateValue(connection);
        if (!cache.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++) command.Parameters.Add(new SqliteParameter { ParameterName = Name(i + 1) });
            command.Prepare();
            cache.Add(sql, command);
        }

        if (command.Parameters.Count != values.Length)
        {
            throw new ArgumentException($"{values.Length} values for {command.Parameters.Count} parameters", nameof(values));
        }

        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }

    private static string Name(int position) => Names.GetOrAdd(position, p => "?" + p.ToString(CultureInfo.InvariantCulture));
}
