using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Footbridge.Jobs.Sqlite;

namespace Footbridge.Server.Sessions;

/// <summary>An address for the person who holds the phone.</summary>
internal sealed record PhoneLink(string Session, DateTimeOffset Made, DateTimeOffset Expires);

/// <summary>Addresses at which somebody without a login links the phone of one session: good for one browser, for some minutes, until it is linked.</summary>
/// <remarks>The database knows digests only: who reads it cannot open one.</remarks>
internal sealed class PhoneLinks(SqliteDatabase database, SessionRegistry sessions, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const int SecretBytes = 32;

    /// <summary>Older ones are no good: what became of their sessions before this process is not known.</summary>
    private readonly DateTimeOffset _began = Moment(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Makes one, and starts the session, which has to be there to be linked; earlier ones of the session go.</summary>
    /// <exception cref="SessionNotFoundException">There is no such session.</exception>
    /// <exception cref="RuleException">It is linked already.</exception>
    public async Task<(string Token, PhoneLink Link)> IssueAsync(string session, CancellationToken ct)
    {
        if (sessions.FindConfig(session) is null) throw new SessionNotFoundException();
        if (sessions.Find(session)?.Status == SessionStatus.Working) throw new RuleException($"Session '{session}' is linked already; log it out to link another phone");
        await sessions.StartAsync(session, ct);
        var (token, now) = (NewSecret(), time.GetUtcNow());
        var link = new PhoneLink(session, now, now + Lifetime);
        await database.WriteAsync(c =>
        {
            c.Execute("DELETE FROM phone_links WHERE session = ?1 OR expires < ?2", session, now.ToUnixTimeMilliseconds());
            c.Execute("INSERT INTO phone_links(digest, session, made, expires) VALUES(?1, ?2, ?3, ?4)", DigestOf(token), session, now.ToUnixTimeMilliseconds(), link.Expires.ToUnixTimeMilliseconds());
        }, ct);
        return (token, link);
    }

    /// <summary>What an address is for; null when it is none, has expired, was used, or belongs to another browser.</summary>
    /// <param name="holder">The browser's cookie.</param>
    public PhoneLink? Find(string token, string? holder)
    {
        var row = database.Read(c => c.Query(
            "SELECT session, made, expires, holder FROM phone_links WHERE digest = ?1",
            r => (Link: new PhoneLink(r.GetString(0), Moment(r.GetInt64(1)), Moment(r.GetInt64(2))), Holder: r.IsDBNull(3) ? null : (byte[])r.GetValue(3)), DigestOf(token))).FirstOrDefault();
        if (row.Link is not { } link || link.Expires <= time.GetUtcNow() || link.Made < _began || WasUsed(link)) return null;
        return row.Holder is null || (holder is not null && CryptographicOperations.FixedTimeEquals(row.Holder, DigestOf(holder))) ? link : null;
    }

    /// <summary>Binds an address to the browser that opens it first, and gives what that has to show from then on; null: another one was first.</summary>
    public async Task<string?> ClaimAsync(string token, CancellationToken ct)
    {
        var holder = NewSecret();
        var isFirst = false;
        await database.WriteAsync(c => isFirst = c.Execute("UPDATE phone_links SET holder = ?2 WHERE digest = ?1 AND holder IS NULL", DigestOf(token), DigestOf(holder)) > 0, ct);
        return isFirst ? holder : null;
    }

    public Task SpendAsync(string token, CancellationToken ct) => database.WriteAsync(c => c.Execute("DELETE FROM phone_links WHERE digest = ?1", DigestOf(token)), ct);

    /// <summary>The session was linked since: whoever comes later has no business with it.</summary>
    private bool WasUsed(PhoneLink link) =>
        sessions.Find(link.Session) is { Status: not SessionStatus.Working } live && live.LastWorkingAt >= link.Made.ToUnixTimeMilliseconds();

    private static DateTimeOffset Moment(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    private static byte[] DigestOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
