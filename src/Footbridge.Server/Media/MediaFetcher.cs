using System.Collections.Concurrent;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Media;

/// <summary>Brings files of messages onto the disk: in the background when they arrive, at once when somebody asks, and again when their time here was over.</summary>
internal sealed class MediaFetcher(
    SqliteDatabase database, SessionRegistry sessions, MediaInbox inbox, MediaFolder folder, Settings settings, TimeProvider time, ILogger<MediaFetcher> logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _room = new(settings.Media.Concurrency);
    private readonly ConcurrentDictionary<(string Account, string Name), Lazy<Task<MediaFile>>> _fetching = new();
    private Task _running = Task.CompletedTask;
    private int _disposed;

    /// <summary>Takes up what the last process left, then what arrives.</summary>
    public void Start()
    {
        foreach (var (account, name) in database.Read(MediaFileTable.Waiting)) inbox.Add(account, name);
        _running = Task.WhenAll(Enumerable.Range(0, settings.Media.Concurrency).Select(_ => WorkAsync(_stop.Token)));
    }

    /// <summary>A file that is on the disk when this returns.</summary>
    /// <param name="account">Null: of any session.</param>
    /// <exception cref="FileNotStoredException">There is no such file, or it cannot be fetched; says why.</exception>
    public async Task<(MediaFile File, string Path)> GetAsync(string? account, string name, CancellationToken ct)
    {
        var file = database.Read(c => MediaFileTable.Find(c, account, name)) ?? throw FileNotStoredException.Unknown();
        var path = folder.PathOf(file.Account, file.Name);
        if (file.State == MediaFileState.Stored && File.Exists(path)) return (file, path);
        file = await FetchAsync(file.Account, file.Name).WaitAsync(ct);
        return file.State == MediaFileState.Stored ? (file, path) : throw FileNotStoredException.Because(file.Error);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var fetch in _fetching.Values) await ((Task)fetch.Value).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WorkAsync(CancellationToken ct)
    {
        await foreach (var (account, name) in inbox.Arrived.ReadAllAsync(ct))
        {
            try
            {
                await FetchAsync(account, name);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.MediaNotKept(e, account);
            }
        }
    }

    /// <summary>One fetch of a file at a time, whoever wants it; whoever stops waiting does not stop it.</summary>
    private async Task<MediaFile> FetchAsync(string account, string name)
    {
        var fetch = _fetching.GetOrAdd((account, name), key => new(() => FetchOnceAsync(key.Account, key.Name, _stop.Token)));
        try
        {
            return await fetch.Value;
        }
        finally
        {
            _fetching.TryRemove(new((account, name), fetch));
        }
    }

    private async Task<MediaFile> FetchOnceAsync(string account, string name, CancellationToken ct)
    {
        await _room.WaitAsync(ct);
        try
        {
            var file = database.Read(c => MediaFileTable.Find(c, account, name)) ?? throw FileNotStoredException.Unknown();
            if (file.State == MediaFileState.Stored && File.Exists(folder.PathOf(account, name))) return file;
            var error = await TryAsync(file, ct);
            file = file with { State = error is null ? MediaFileState.Stored : MediaFileState.Failed, Error = error };
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            await database.WriteAsync(c => MediaFileTable.Mark(c, account, name, file.State, error is null ? now : null, error), ct);
            return file;
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>Null, or why it did not come.</summary>
    private async Task<string?> TryAsync(MediaFile file, CancellationToken ct)
    {
        try
        {
            if (sessions.Find(file.Account) is not { } session) return "the session is not started";
            await session.Client.Media.DownloadAsync(file.Media, folder.Prepare(file.Account, file.Name), ct);
            return null;
        }
        catch (Exception e) when (e is MediaFailedException or NotOnlineException or IOException or UnauthorizedAccessException)
        {
            logger.MediaNotFetched(file.Account, e.GetType().Name, e is MediaFailedException ? e.Message : "see the file's own answer");
            return e.Message;
        }
    }
}

/// <summary>A file of a message is not here and cannot be brought.</summary>
internal sealed class FileNotStoredException : Exception
{
    private FileNotStoredException(string message) : base(message)
    {
    }

    public static FileNotStoredException Unknown() => new("File not found or no longer available");

    /// <summary>As another process said it.</summary>
    public static FileNotStoredException Told(string message) => new(message);

    public static FileNotStoredException Because(string? error) => new($"The file could not be fetched from WhatsApp: {error}");
}
