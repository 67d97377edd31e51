using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.FromWhatsApp;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Looks before it posts when an earlier run of the job may have got through: one that failed, was cut off, or was in a broker that forgot it.</summary>
/// <remarks>Chatwoot cannot be asked for a source id, so the messages behind the last one that was carried into the conversation are gone through.</remarks>
internal sealed class Lookback(IJobState state)
{
    /// <summary>Posts a chat's message with a source id, unless the conversation has it already; returns its id either way.</summary>
    public Task<Posted> PostOnceAsync(
        JobContext job, ChatwootContext context, long conversation, string sourceId, JsonObject message, IReadOnlyList<EntryFile> files, CancellationToken ct) =>
        PostOnceAsync(job.Runs > 1 ? () => FindAsync(context, conversation, sourceId, ct) : null, context, conversation, sourceId, message, files, ct);

    /// <summary>Posts in another form what this run has tried to post already, unless the conversation has it after all.</summary>
    public Task<Posted> PostInsteadAsync(ChatwootContext context, long conversation, string sourceId, JsonObject message, CancellationToken ct) =>
        PostOnceAsync(() => FindAsync(context, conversation, sourceId, ct), context, conversation, sourceId, message, [], ct);

    /// <summary>The same for what the app itself says, which is in no order with a chat's messages: the newest ones are looked at.</summary>
    /// <param name="mayBeThere">Whether it may have been said before.</param>
    public static Task<Posted> SayOnceAsync(bool mayBeThere, ChatwootContext context, long conversation, string sourceId, JsonObject message, CancellationToken ct) =>
        PostOnceAsync(mayBeThere ? async () => IdIn(await context.Client.NewestMessagesAsync(conversation, ct), sourceId) : null, context, conversation, sourceId, message, [], ct);

    /// <summary>Whether the app itself has said something of late.</summary>
    public static async Task<bool> WasSaidAsync(ChatwootContext context, long conversation, string sourceId, CancellationToken ct) =>
        IdIn(await context.Client.NewestMessagesAsync(conversation, ct), sourceId) is not null;

    private static async Task<Posted> PostOnceAsync(
        Func<Task<long?>>? find, ChatwootContext context, long conversation, string sourceId, JsonObject message, IReadOnlyList<EntryFile> files, CancellationToken ct)
    {
        if (find is not null && await find() is { } existing) return new(existing, WasThere: true);
        message["source_id"] = sourceId;
        return new(await context.Client.PostMessageAsync(conversation, message, files, ct), WasThere: false);
    }

    private async Task<long?> FindAsync(ChatwootContext context, long conversation, string sourceId, CancellationToken ct)
    {
        var after = await state.LastPostedAsync(context.App.Id, conversation, ct) ?? 0;
        while (true)
        {
            var page = await context.Client.MessagesAfterAsync(conversation, after, ct);
            if (IdIn(page, sourceId) is { } found) return found;
            if (page.Count < ChatwootClient.MessagesPage) return null;
            after = page[^1]!["id"]!.GetValue<long>();
        }
    }

    private static long? IdIn(JsonArray messages, string sourceId) =>
        messages.FirstOrDefault(m => m?["source_id"]?.ToString() == sourceId)?["id"]!.GetValue<long>();
}

/// <summary>A message that is in Chatwoot now.</summary>
/// <param name="WasThere">An earlier run had posted it.</param>
internal readonly record struct Posted(long Id, bool WasThere);
