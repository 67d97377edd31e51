using System.Net.Sockets;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.FromWhatsApp;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Config;
using Npgsql;

namespace Footbridge.Server.Apps.Chatwoot.Tasks.Database;

/// <summary>Puts messages of the past into Chatwoot by its database: as others are made, but with their own dates, and files as links.</summary>
internal sealed class DatabaseTurn(HistoryTurn turn, ChatDirectory directory, EntryMarks marks, IJobState state, Settings settings)
{
    /// <summary>Why an app's database cannot be used; null when it can.</summary>
    public async Task<string?> FindTroubleAsync(ChatwootConfig config, CancellationToken ct)
    {
        try
        {
            await using var connection = await DatabaseImport.OpenAsync(config.Database!, settings.ChatwootMayBePrivate, ct);
            return null;
        }
        catch (Exception e) when (e is UnknownSchemaException or NpgsqlException or SocketException or TimeoutException)
        {
            return e.Message;
        }
    }

    /// <returns>What became of each, in order.</returns>
    /// <exception cref="UnfitConversationException">Nothing was written.</exception>
    /// <exception cref="ChatwootAwayException">The database cannot be reached now.</exception>
    public async Task<IReadOnlyList<(Imported Result, long? Conversation)>> ImportAsync(PullRun run, IReadOnlyList<HistoryMessage> page, long? agent, CancellationToken ct)
    {
        var results = new (Imported, long?)[page.Count];
        var (batch, places) = (new List<DatabaseMessage>(page.Count), new List<int>(page.Count));
        var conversation = (await directory.ResolveAsync(run.Context, page[0].Event, ct)).Conversation;
        for (var i = 0; i < page.Count; i++)
        {
            var message = new Inbound(run.Job, run.Context, page[i].Event) { IsHistory = true, LinksFiles = true, HasTrueDate = true };
            var id = HistoryTurn.IdOf(run.Data, run.Plan, message);
            if (await state.ByWhatsAppAsync(run.Data.App, id, ct) is { } known)
            {
                results[i] = (Imported.WasThere, known.Conversation);
                continue;
            }

            if (await ReadAsync(run, message, id, page[i].At, ct) is { } readable)
            {
                batch.Add(readable);
                places.Add(i);
            }
            else
            {
                results[i] = (Imported.Failed, null);
            }
        }

        if (batch.Count == 0) return results;
        var written = await WriteAsync(run, conversation, batch, agent, ct);
        for (var i = 0; i < batch.Count; i++)
        {
            var told = page[places[i]].Event;
            await state.SaveMessageAsync(run.Data.App, MapOf(told, batch[i], conversation, written[i].Id), ct);
            results[places[i]] = (written[i].WasThere ? Imported.WasThere : Imported.Posted, conversation);
        }

        return results;
    }

    private static MappedMessage MapOf(Sessions.PublicEvent told, DatabaseMessage message, long conversation, long id) =>
        new(message.SourceId, ChatKey.Of(told), !message.IsIncoming, conversation, id, MessageMap.NoStatus) { Participant = told.Payload["participant"]?.ToString() };

    private async Task<DatabaseMessage?> ReadAsync(PullRun run, Inbound message, string id, long at, CancellationToken ct)
    {
        try
        {
            var entry = await turn.ConvertAsync(message, run.Plan, ct);
            var isPrivate = entry.IsPrivate ?? (message.IsFromMe && !run.Context.Config.ShowsOwnAsMessages);
            return new(id, await marks.ApplyAsync(message, entry, ct), DateTimeOffset.FromUnixTimeSeconds(at))
            {
                IsIncoming = !message.IsFromMe && entry.IsPrivate != true,
                IsPrivate = isPrivate,
                IsEcho = message.IsFromMe && !isPrivate,
                ReplyTo = entry.ReplyTo is { Length: > 0 } answered ? (answered, (await state.ByWhatsAppAsync(run.Data.App, answered, ct))?.CwId) : null,
            };
        }
        catch (Exception e) when (HistoryTurn.IsOfThisMessage(e))
        {
            await run.Job.LogAsync($"{message.Payload["id"]} was left out: {e.Message}", ct);
            return null;
        }
    }

    private async Task<IReadOnlyList<Posted>> WriteAsync(PullRun run, long conversation, List<DatabaseMessage> batch, long? agent, CancellationToken ct)
    {
        try
        {
            await using var connection = await DatabaseImport.OpenAsync(run.Context.Config.Database!, settings.ChatwootMayBePrivate, ct);
            return await DatabaseImport.WriteAsync(connection, run.Context.Config, conversation, batch, agent, ct);
        }
        catch (PostgresException e) when (!e.IsTransient)
        {
            throw new UnfitConversationException(e.MessageText);
        }
        catch (UnknownSchemaException e)
        {
            throw new UnfitConversationException(e.Message);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
        {
            throw new ChatwootAwayException($"the inbox's database cannot be reached: {e.Message}", null, e);
        }
    }
}
