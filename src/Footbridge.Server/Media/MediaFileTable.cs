using Footbridge.Engine.Media;
using Footbridge.Jobs.Sqlite;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Media;

/// <summary>The rows of <c>media_files</c>.</summary>
internal static class MediaFileTable
{
    private const string Columns = "account, file, message_id, chat, from_me, participant, kind, direct_path, url, media_key, sha256, enc_sha256, length, mimetype, filename, state, error";

    /// <summary>Harmless when the row is there.</summary>
    public static void Insert(SqliteConnection connection, MediaFile file, long now)
    {
        var (media, reference) = (file.Media, file.Media.Reference);
        connection.Execute(
            $"INSERT INTO media_files({Columns}, created) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, 0, NULL, ?16) ON CONFLICT DO NOTHING",
            file.Account, file.Name, media.MessageId, media.Chat.ToString(), media.IsFromMe ? 1 : 0, media.Participant?.ToString(), reference.Kind.Name, reference.DirectPath,
            reference.Url?.ToString(), reference.Key, reference.FileSha256, reference.FileEncSha256, reference.Length, file.Mimetype, file.FileName, now);
    }

    /// <param name="account">Null: of any session.</param>
    public static MediaFile? Find(SqliteConnection connection, string? account, string name) => connection.QueryFirst(
        $"SELECT {Columns} FROM media_files WHERE file = ?1 AND (?2 IS NULL OR account = ?2)", Read, name, account);

    /// <summary>Files to be fetched, oldest first.</summary>
    public static List<(string Account, string Name)> Waiting(SqliteConnection connection) =>
        connection.Query("SELECT account, file FROM media_files WHERE state = 0 ORDER BY created", row => (row.GetString(0), row.GetString(1)));

    /// <summary>Files that came onto the disk before a time.</summary>
    public static List<(string Account, string Name)> StoredBefore(SqliteConnection connection, long before, int limit) =>
        connection.Query("SELECT account, file FROM media_files WHERE state = 1 AND stored < ?1 ORDER BY stored LIMIT ?2", row => (row.GetString(0), row.GetString(1)), before, limit);

    /// <summary>Of one session: what should be on the disk.</summary>
    public static List<string> Stored(SqliteConnection connection, string account) =>
        connection.Query("SELECT file FROM media_files WHERE account = ?1 AND state = 1", row => row.GetString(0), account);

    public static void Mark(SqliteConnection connection, string account, string name, MediaFileState state, long? stored, string? error) =>
        connection.Execute("UPDATE media_files SET state = ?3, stored = ?4, error = ?5 WHERE account = ?1 AND file = ?2", account, name, (int)state, stored, error);

    /// <summary>Forgets files of messages that nobody will ask for; those on the disk stay until they are deleted there.</summary>
    public static int DeleteBefore(SqliteConnection connection, long before, int limit) => connection.Execute(
        "DELETE FROM media_files WHERE (account, file) IN (SELECT account, file FROM media_files WHERE created < ?1 AND state <> 1 LIMIT ?2)", before, limit);

    public static void DeleteAll(SqliteConnection connection, string account) => connection.Execute("DELETE FROM media_files WHERE account = ?1", account);

    private static MediaFile Read(SqliteDataReader row)
    {
        var reference = new MediaReference(
            MediaKind.Parse(row.GetString(6)), TextOf(row, 7), TextOf(row, 8) is { } url ? new(url) : null, row.GetFieldValue<byte[]>(9), BytesOf(row, 10), BytesOf(row, 11),
            row.IsDBNull(12) ? null : row.GetInt64(12));
        var media = new ArrivedMedia(reference, row.GetString(2), Jid.Parse(row.GetString(3)), row.GetInt64(4) == 1, TextOf(row, 5) is { } sender ? Jid.Parse(sender) : null);
        return new(row.GetString(0), row.GetString(1), media, row.GetString(13), TextOf(row, 14)) { State = (MediaFileState)row.GetInt64(15), Error = TextOf(row, 16) };
    }

    private static string? TextOf(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static byte[]? BytesOf(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);
}
