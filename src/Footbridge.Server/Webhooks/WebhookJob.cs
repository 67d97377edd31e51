using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Footbridge.Jobs;
using Footbridge.Server.Sessions.Events;
using Footbridge.Server.Storage;
using Footbridge.Server.Workers;

namespace Footbridge.Server.Webhooks;

/// <summary>An event on its way to a receiver. Key and headers stay in the configuration: what a job carries can be looked at.</summary>
/// <param name="To">The receiver's place, for people; the address itself is the webhook's.</param>
/// <param name="Body">The envelope; written out, the same bytes at each try.</param>
internal sealed record WebhookData(string Session, string Hook, string To, JsonObject Body)
{
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, WebhookJson.Default.WebhookData);

    public static WebhookData Read(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, WebhookJson.Default.WebhookData)!;
}

/// <summary>The webhook is not configured any more: there is nobody to tell.</summary>
internal sealed class WebhookGoneException(string place) : PermanentJobException($"the webhook to {place} is no longer configured");

/// <summary>Tells one receiver of one event.</summary>
internal sealed class WebhookJob(IWebhookSource hooks, WebhookSender sender, ReceiverSlots slots, Decisions decisions)
{
    public const string Queue = "webhooks";

    private static readonly TimeSpan ApiWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(1);

    public async Task RunAsync(JobContext job, CancellationToken ct)
    {
        var data = WebhookData.Read(job.Payload);
        var hook = await FindAsync(data, ct) ?? throw new WebhookGoneException(data.To);
        using var slot = slots.TryTake(hook.Url) ?? throw new RetryAfterException(BusyWait, "the receiver is busy with other chats");
        try
        {
            var status = await sender.SendAsync(hook, Envelope.Write(data.Body), (job.Id, data.Body["timestamp"]!.GetValue<long>()), ct);
            decisions.Say(job, $"{data.To} answered {status}");
        }
        catch (WebhookFailedException e)
        {
            throw new RetryInException(hook.Retries.NextDelay(job.Attempt, e.RetryAfter, Random.Shared.NextDouble()), e.Message, e);
        }
    }

    private async Task<Webhook?> FindAsync(WebhookData data, CancellationToken ct)
    {
        try
        {
            return await hooks.FindAsync(data.Session, data.Hook, ct);
        }
        catch (ApiAwayException e)
        {
            throw new RetryAfterException(ApiWait, e.Message, e);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WebhookData))]
internal sealed partial class WebhookJson : JsonSerializerContext;
