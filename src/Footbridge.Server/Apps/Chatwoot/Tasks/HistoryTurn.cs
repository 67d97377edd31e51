using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.FromWhatsApp;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Media;
using Footbridge.Server.Workers;

namespace Footbridge.Server.Apps.Chatwoot.Tasks;

/// <summary>What became of a message of the past.</summary>
internal enum Imported
{
    Posted,
    WasThere,
    Failed,
}

/// <summary>Puts messages of the past into Chatwoot, by the same road as those of the moment.</summary>
internal sealed class HistoryTurn(Converters converters, ChatPoster poster, IJobState state)
{
    public async Task<(Imported Result, long? Conversation)> ImportAsync(JobContext job, ChatwootContext context, TaskData data, MessagePlan plan, HistoryMessage told, CancellationToken ct)
    {
        var message = new Inbound(job, context, told.Event) { IsHistory = true, LinksFiles = !plan.Media };
        var id = IdOf(data, plan, message);
        if (await state.ByWhatsAppAsync(data.App, id, ct) is { } known) return (Imported.WasThere, known.Conversation);
        try
        {
            await poster.PostAsync(message, id, () => ConvertAsync(message, plan, ct), ct);
            return (Imported.Posted, (await state.ByWhatsAppAsync(data.App, id, ct))?.Conversation);
        }
        catch (Exception e) when (IsOfThisMessage(e))
        {
            await job.LogAsync($"{told.Event.Payload["id"]} was left out: {e.Message}", ct);
            return (Imported.Failed, null);
        }
    }

    /// <summary>What a message is known by. One that is posted again is another to the map, so that this too is done once.</summary>
    public static string IdOf(TaskData data, MessagePlan plan, Inbound message) => plan.Again ? $"{message.WaId}:again:{data.Pull}" : message.WaId;

    /// <summary>A file that does not come in time is a link, as are all of them when files are not asked for.</summary>
    public async ValueTask<ChatEntry> ConvertAsync(Inbound message, MessagePlan plan, CancellationToken ct)
    {
        var entry = await WithFilesAsync(message, plan, ct);
        return entry with { ReplyTo = entry.ReplyTo ?? message.Payload["replyTo"]?["id"]?.ToString() };
    }

    private async ValueTask<ChatEntry> WithFilesAsync(Inbound message, MessagePlan plan, CancellationToken ct)
    {
        if (message.LinksFiles) return await converters.ConvertAsync(message, ct);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(plan.MediaTimeout);
        try
        {
            return await converters.ConvertAsync(message, limit.Token);
        }
        catch (Exception e) when (e is FileNotStoredException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return await converters.ConvertAsync(new(message.Job, message.Context, message.Event) { IsHistory = true, LinksFiles = true }, ct);
        }
    }

    /// <summary>Others are about Chatwoot, the broker or the app: they concern every message, and the step as a whole is tried again.</summary>
    internal static bool IsOfThisMessage(Exception error) => error switch
    {
        AppGoneException => false,
        ChatwootException e => e.Status is not (401 or 403),
        RetryAfterException or RetryInException or ChatwootAwayException or ApiAwayException or BrokerUnavailableException or OperationCanceledException or PullTimeoutException => false,
        _ => true,
    };
}
