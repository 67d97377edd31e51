using System.Threading.Channels;
using Footbridge.Engine.Events;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Config;
using Footbridge.Server.Storage;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Media;

/// <summary>Notes the files of messages in the same transaction as the messages, and tells who fetches them once it is durable.</summary>
internal sealed class MediaInbox(SqliteDatabase database, Settings settings, TimeProvider time) : IEventProjection
{
    private readonly Channel<(string Account, string Name)> _arrived = Channel.CreateUnbounded<(string, string)>();

    public ChannelReader<(string Account, string Name)> Arrived => _arrived.Reader;

    public void Apply(SqliteConnection connection, string account, EngineEvent engineEvent)
    {
        if (FileOf(account, engineEvent) is { } file) MediaFileTable.Insert(connection, file, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    public void Committed(string account, EngineEvent engineEvent)
    {
        if (FileOf(account, engineEvent) is { } file) Add(account, file.Name);
    }

    /// <summary>Notes the files of messages that were read and not received, and has them fetched.</summary>
    public async Task TakeAsync(string account, IEnumerable<MessageReceived> messages, CancellationToken ct)
    {
        var files = messages.Select(message => FileOf(account, message)).OfType<MediaFile>().ToList();
        if (files.Count == 0) return;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await database.WriteAsync(c =>
        {
            foreach (var file in files) MediaFileTable.Insert(c, file, now);
        }, ct);
        foreach (var file in files) Add(account, file.Name);
    }

    public void Add(string account, string name) => _arrived.Writer.TryWrite((account, name));

    private MediaFile? FileOf(string account, EngineEvent engineEvent) =>
        engineEvent is MessageReceived message && MediaFile.Of(account, message) is { } file && settings.Media.Takes(file.Mimetype) ? file : null;
}
