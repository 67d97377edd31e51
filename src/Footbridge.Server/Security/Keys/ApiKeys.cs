using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Security.Keys;

/// <summary>The API keys that were made over the API, and who a request's key stands for. Keys are kept in memory too: every request asks.</summary>
internal sealed class ApiKeys
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int KeyLength = 32;
    private readonly SqliteDatabase _database;
    private readonly Secrets _secrets;
    private readonly KeySeal _seal;
    private readonly ILogger _logger;

    /// <summary>By the first 8 bytes of the digest: chance alone makes two keys share them, and knowing them does not help anybody.</summary>
    private volatile ILookup<ulong, StoredKey> _byDigest;

    public ApiKeys(SqliteDatabase database, Secrets secrets, Settings settings, ILogger<ApiKeys> logger)
    {
        (_database, _secrets, _seal, _logger) = (database, secrets, KeySeal.Open(settings), logger);
        _byDigest = Read();
    }

    /// <summary>Whose key this is; null for nobody's, and for one that is switched off.</summary>
    public ApiCaller? Find(string? key)
    {
        if (string.IsNullOrEmpty(key)) return null;
        if (_secrets.IsApiKey(key)) return ApiCaller.Admin;
        var digest = Digest(key);
        foreach (var stored in _byDigest[Prefix(digest)])
        {
            if (!CryptographicOperations.FixedTimeEquals(stored.Digest, digest) || !stored.Key.IsActive) continue;
            if (stored.Key.IsAdmin) return ApiCaller.Admin;
            if (stored.Key.Session is { } session) return new(session, stored.Key.Actions ?? KeyActions.Usual);
        }

        return null;
    }

    /// <summary>All keys, in clear; in the order of their ids.</summary>
    public IReadOnlyList<ApiKey> List() => [.. _byDigest.SelectMany(keys => keys).Select(stored => stored.Key).OrderBy(key => key.Id, StringComparer.Ordinal)];

    public ApiKey? FindById(string id) => List().FirstOrDefault(key => key.Id == id);

    /// <summary>Makes a key.</summary>
    /// <param name="id">Null for a new one.</param>
    public async Task<ApiKey> CreateAsync(string? id, bool isActive, bool isAdmin, string? session, KeyActions? actions, CancellationToken ct)
    {
        var key = new ApiKey(id ?? "key_id_" + WahaIds.NewUlid(), "key_" + RandomNumberGenerator.GetString(Alphabet, KeyLength), isActive, isAdmin, session, actions);
        await WriteAsync(
            "INSERT INTO api_keys(id, digest, sealed, is_active, is_admin, session, actions) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(id) DO NOTHING", ct,
            key.Id, Digest(key.Key), _seal.Seal(key.Id, key.Key), isActive ? 1 : 0, isAdmin ? 1 : 0, session, (int?)actions);
        // Two calls at once may have asked for the same id: both get the key that was first.
        return FindById(key.Id)!;
    }

    /// <summary>Changes what a key may do; the key itself stays. Null when there is none.</summary>
    public async Task<ApiKey?> UpdateAsync(string id, bool isActive, bool isAdmin, string? session, KeyActions? actions, CancellationToken ct)
    {
        await WriteAsync("UPDATE api_keys SET is_active = ?2, is_admin = ?3, session = ?4, actions = ?5 WHERE id = ?1", ct, id, isActive ? 1 : 0, isAdmin ? 1 : 0, session, (int?)actions);
        return FindById(id);
    }

    /// <summary>False when there is none.</summary>
    public async Task<bool> DeleteAsync(string id, CancellationToken ct) => await WriteAsync("DELETE FROM api_keys WHERE id = ?1", ct, id) > 0;

    /// <summary>Deletes the keys of a session that is deleted: they must not open a later one of the same name.</summary>
    public Task DeleteOfAsync(string session, CancellationToken ct) => WriteAsync("DELETE FROM api_keys WHERE session = ?1", ct, session);

    private async Task<int> WriteAsync(string sql, CancellationToken ct, params object?[] values)
    {
        // Read in the writer's turn, so that of two changes at once the later one is what is remembered.
        return await _database.WriteAsync(c =>
        {
            var count = c.Execute(sql, values);
            _byDigest = Read(c);
            return count;
        }, ct);
    }

    private ILookup<ulong, StoredKey> Read() => _database.Read(Read);

    private ILookup<ulong, StoredKey> Read(SqliteConnection connection) => connection
        .Query("SELECT id, digest, sealed, is_active, is_admin, session, actions FROM api_keys", Shape).ToLookup(stored => Prefix(stored.Digest));

    private StoredKey Shape(SqliteDataReader row)
    {
        var id = row.GetString(0);
        var key = _seal.Open(id, row.GetFieldValue<byte[]>(2));
        if (key is null) _logger.KeyNotShown(id);
        return new(row.GetFieldValue<byte[]>(1), new(
            id, key ?? "", row.GetInt64(3) != 0, row.GetInt64(4) != 0, row.IsDBNull(5) ? null : row.GetString(5), row.IsDBNull(6) ? null : (KeyActions)row.GetInt64(6)));
    }

    private static byte[] Digest(string key) => SHA512.HashData(Encoding.UTF8.GetBytes(key));

    private static ulong Prefix(byte[] digest) => BinaryPrimitives.ReadUInt64LittleEndian(digest);

    private sealed record StoredKey(byte[] Digest, ApiKey Key);
}
