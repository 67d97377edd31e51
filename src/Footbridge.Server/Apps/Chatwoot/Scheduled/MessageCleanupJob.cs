using System.Text.Json;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Apps.Chatwoot.Scheduled;

/// <summary>What a scheduled job is about.</summary>
internal sealed record ScheduledData(string App, string Session)
{
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, PayloadJson.Default.ScheduledData);

    public static ScheduledData Read(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, PayloadJson.Default.ScheduledData)!;
}

/// <summary>Forgets, once a day, which WhatsApp message was which Chatwoot message, a year after the fact.</summary>
internal sealed class MessageCleanupJob(IJobState state, JobErrors errors)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => SweepAsync(job, ct));

    private async Task SweepAsync(JobContext job, CancellationToken ct)
    {
        var deleted = await state.SweepMessagesAsync(ScheduledData.Read(job.Payload).App, ct);
        await job.LogAsync($"{deleted} pairs of messages forgotten", ct);
    }
}
