using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Config;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Media;

/// <summary>Deletes files of messages when their time on the disk is over, and at the start what a crash left.</summary>
/// <remarks>Goes by the table and not by timers, so that a restart changes nothing and no lifetime is too long.</remarks>
internal sealed class MediaSweeper(SqliteDatabase database, MediaFolder folder, Settings settings, TimeProvider time, ILogger<MediaSweeper> logger) : IAsyncDisposable
{
    private const int Step = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private Rounds? _rounds;

    public async Task StartAsync(CancellationToken ct)
    {
        ScratchFolder.Empty(settings);
        foreach (var account in database.Read(c => c.Query("SELECT name FROM sessions", row => row.GetString(0))))
        {
            var known = database.Read(c => MediaFileTable.Stored(c, account)).ToHashSet(StringComparer.Ordinal);
            var missing = folder.Tidy(account, known);
            if (missing.Count == 0) continue;
            await database.WriteAsync(c =>
            {
                foreach (var name in missing) MediaFileTable.Mark(c, account, name, MediaFileState.Swept, null, null);
            }, ct);
        }

        _rounds = new(Interval, SweepAsync, logger.SweepFailed, time);
        _rounds.Start();
    }

    /// <summary>Deletes what is too old; gives the number of files.</summary>
    public async Task<int> SweepAsync(CancellationToken ct)
    {
        var deleted = 0;
        while (settings.Media.Lifetime > TimeSpan.Zero)
        {
            var before = (time.GetUtcNow() - settings.Media.Lifetime).ToUnixTimeMilliseconds();
            var old = database.Read(c => MediaFileTable.StoredBefore(c, before, Step));
            if (old.Count == 0) break;
            foreach (var (account, name) in old) folder.Delete(account, name);
            await database.WriteAsync(c =>
            {
                foreach (var (account, name) in old) MediaFileTable.Mark(c, account, name, MediaFileState.Swept, null, null);
            }, ct);
            deleted += old.Count;
        }

        var forgotten = (time.GetUtcNow() - TimeSpan.FromDays(settings.LedgerDays)).ToUnixTimeMilliseconds();
        while (await database.WriteAsync(c => MediaFileTable.DeleteBefore(c, forgotten, Step), ct) == Step)
        {
        }

        return deleted;
    }

    public ValueTask DisposeAsync() => _rounds?.DisposeAsync() ?? ValueTask.CompletedTask;
}
