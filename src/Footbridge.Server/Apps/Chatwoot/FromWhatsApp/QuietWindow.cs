using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>Lets what changes several times within seconds come to rest, so that it becomes one entry. It waits beside its chat's lane: no message waits for it.</summary>
internal sealed class QuietWindow(IJobState state, Queues queues, Settings settings, Decisions decisions)
{
    /// <summary>Whether a change is not to be shown by this run: it waits, or another came after it.</summary>
    /// <param name="what">What is shown once at a time, <c>{message}:{what}</c>.</param>
    public async Task<bool> HoldsAsync(JobContext job, EventData data, string what, CancellationToken ct)
    {
        if (settings.QuietWindow <= TimeSpan.Zero) return false;
        if (data.HasWaited)
        {
            if (await state.LatestChangeAsync(data.App, what, ct) == data.Event.Id) return false;
            decisions.Say(job, "another change came after this one");
            return true;
        }

        await state.NoteChangeAsync(data.App, what, data.Event.Id, ct);
        var chat = ChatKey.Of(data.Event);
        var later = new JobRequest(
            WahaIds.Derive("job_", $"{data.App}|{data.Event.Id}|quiet"), job.Queue, $"{data.App}/{chat}/quiet", (data with { HasWaited = true }).Write(), queues.Retried, settings.QuietWindow);
        await state.AcceptAsync(new(later, data.App, DeliveryDirection.ToChatwoot) { Chat = chat }, ct);
        decisions.Say(job, "waits for what may follow");
        return true;
    }
}
