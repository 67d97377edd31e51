using System.Globalization;
using Footbridge.Jobs.Redis;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Api.Observability;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Media;
using Footbridge.Server.Workers;

namespace Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;

/// <summary>What this server itself needs: room, a database, Redis as it should be set up, ffmpeg, an address.</summary>
internal sealed class PlantChecks(SqliteDatabase database, Broker broker, Ffmpeg ffmpeg, ChatwootHttp http, Settings settings, TimeProvider time)
{
    private const long ComfortableBytes = 1024L * 1024 * 1024;
    private const string DatabaseRepair = "See that the data folder is on a local disk, has room, belongs to the user this server runs as, and is used by no other program";
    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    /// <summary>For checks that ask the broker: while it is away, each would wait for it in vain.</summary>
    public static readonly string[] NeedsRedis = ["redis"];

    public IEnumerable<Check> All() =>
    [
        new("database", Key.DoctorCheckDatabase, (_, ct) => DatabaseAsync(ct)),
        new("disk", Key.DoctorCheckDisk, (_, _) => Task.FromResult(Disk())),
        new("redis", Key.DoctorCheckRedis, (_, ct) => RedisAsync(ct)),
        new("redis-eviction", Key.DoctorCheckRedisEviction, (_, ct) => EvictionAsync(ct)) { Needs = NeedsRedis },
        new("redis-persistence", Key.DoctorCheckRedisPersistence, (_, ct) => PersistenceAsync(ct)) { Needs = NeedsRedis },
        new("ffmpeg", Key.DoctorCheckFfmpeg, (_, ct) => FfmpegAsync(ct)),
        new("public-address", Key.DoctorCheckPublicAddress, (_, _) => Task.FromResult(PublicAddress())),
        new("file-links", Key.DoctorCheckFileLinks, (_, ct) => LinksAsync(ct)) { Needs = ["public-address"] },
        new("time-zone", Key.DoctorCheckTimeZone, (_, _) => Task.FromResult(Zone())),
    ];

    private async Task<Finding> DatabaseAsync(CancellationToken ct)
    {
        try
        {
            // Something has to change: what leaves every page as it was is not written, on no disk however full.
            await database.WriteAsync(c => c.Execute($"PRAGMA user_version = {1 - Math.Clamp(c.QueryFirst("PRAGMA user_version", row => row.GetInt32(0)), 0, 1)}"), ct).WaitAsync(WritePatience, ct);
            return Finding.Ok("can be written");
        }
        catch (Microsoft.Data.Sqlite.SqliteException e)
        {
            return Finding.Fail(e.Message, DatabaseRepair);
        }
        catch (TimeoutException)
        {
            return Finding.Fail(string.Create(CultureInfo.InvariantCulture, $"a write was not done within {WritePatience.TotalSeconds:0} s"), DatabaseRepair);
        }
    }

    private Finding Disk()
    {
        var (data, files) = (FreeBytes(settings.DataFolder), FreeBytes(settings.FilesFolder));
        var free = Math.Min(data, files);
        var said = string.Create(CultureInfo.InvariantCulture, $"{free / (1024 * 1024)} MiB are free{(files < data ? " for files" : "")}");
        return free < settings.MinFreeBytes ? Finding.Fail(said, "Make room at once: without it no message can be kept")
            : free < Math.Max(ComfortableBytes, settings.MinFreeBytes) ? Finding.Warn(said, "Make room, or set FOOTBRIDGE_ARCHIVE_DAYS and WHATSAPP_FILES_LIFETIME") : Finding.Ok(said);
    }

    /// <summary>Of the nearest folder above that there is: one for files is made with the first file.</summary>
    private static long FreeBytes(string folder)
    {
        var path = Path.GetFullPath(folder);
        while (!Directory.Exists(path) && Path.GetDirectoryName(path) is { } above) path = above;
        return new DriveInfo(path).AvailableFreeSpace;
    }

    private async Task<Finding> RedisAsync(CancellationToken ct) => await broker.IsReachableAsync(Patience, ct) switch
    {
        null => Finding.Ok("not used: the jobs are in the database"),
        true => Finding.Ok("answers"),
        false => Finding.Fail("does not answer; messages are kept meanwhile", "See that Redis runs and REDIS_URL is right"),
    };

    private async Task<Finding> EvictionAsync(CancellationToken ct)
    {
        if (await broker.RedisFactsAsync(ct) is not { } facts) return Finding.Skip("Redis is not used");
        if (facts.EvictionPolicy is not { } policy) return Finding.Skip("Redis does not tell");
        return policy == "noeviction" || facts.MaxMemoryBytes == 0 ? Finding.Ok($"{policy}: nothing is thrown away")
            : Finding.Fail($"{policy}: it throws jobs away", "Set maxmemory-policy to noeviction in Redis");
    }

    private async Task<Finding> PersistenceAsync(CancellationToken ct)
    {
        if (await broker.RedisFactsAsync(ct) is not { } facts) return Finding.Skip("Redis is not used");
        if (facts.IsAppendOnly) return Finding.Ok("every write (append-only file)");
        return facts.LastSaveFailed ? Finding.Warn("nothing: its last snapshot failed", "See Redis' log, and set appendonly to yes")
            : Finding.Warn("snapshots at best; what is lost is enqueued again from the ledger, which takes a while", "Set appendonly to yes in Redis");
    }

    private async Task<Finding> FfmpegAsync(CancellationToken ct)
    {
        try
        {
            return Finding.Ok(await ffmpeg.VersionAsync(ct));
        }
        catch (FfmpegException e)
        {
            return Finding.Warn(e.Message, "Install ffmpeg, or set FOOTBRIDGE_FFMPEG to where it is: without it voice messages do not play everywhere and sound goes out as a file");
        }
    }

    private Finding PublicAddress() => new Uri(settings.PublicUrl) is var url && (url.IsLoopback || url.Host is "0.0.0.0" or "[::]")
        ? Finding.Warn($"{settings.PublicUrl}: links in notes lead agents to their own computers", "Set WAHA_BASE_URL to the address at which people reach this server")
        : Finding.Ok(settings.PublicUrl);

    private Finding Zone() => settings.TimeZone is { Length: > 0 } name && !TimeZoneInfo.TryFindSystemTimeZoneById(name.TrimStart(':'), out _)
        ? Finding.Warn($"TZ names '{name}', which is not known here: times are told in {time.LocalTimeZone.Id}", "Set TZ to a name such as Europe/Berlin")
        : Finding.Ok($"times are told in {time.LocalTimeZone.Id}, unless the app's language has one of its own");

    private async Task<Finding> LinksAsync(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            using var answer = await http.Client.GetAsync(new Uri($"{settings.PublicUrl}/ping"), patience.Token);
            if (answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync(patience.Token)).Contains(Ping.Answer, StringComparison.Ordinal)) return Finding.Ok("lead here");
            return Finding.Warn(answer.IsSuccessStatusCode ? $"somebody else answers at {settings.PublicUrl}" : $"{settings.PublicUrl} answers {(int)answer.StatusCode}", "Let the proxy at WAHA_BASE_URL pass everything on to this server; docs/https.md has examples");
        }
        catch (Exception e) when (e is HttpRequestException or UriFormatException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return Finding.Warn($"{settings.PublicUrl} cannot be reached from here", "See that WAHA_BASE_URL is right; some routers only lead there from outside");
        }
    }
}
