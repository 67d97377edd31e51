using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Footbridge.Engine.Messages;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.ToWhatsApp;
using Footbridge.Server.Sessions;
using Footbridge.Server.Webhooks;

namespace Footbridge.Server.Telemetry;

/// <summary>One trace a message, from the socket or the callback to the other side's answer. Costs nothing while nobody collects traces.</summary>
/// <remarks>
/// A trace's id is made of the message's, so that every part finds it by itself: another process, a retry after a restart, a receipt
/// days later. Spans hold ids, queues and outcomes; never a text, a name or a number.
/// </remarks>
internal static class Traces
{
    public const string Name = "Footbridge";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>A WhatsApp event was decrypted and is being kept.</summary>
    public static void Received(PublicEvent publicEvent)
    {
        if (!Source.HasListeners() || Seed(publicEvent) is not { } seed) return;
        using var span = Source.StartActivity($"receive {publicEvent.Event}", ActivityKind.Consumer, ParentOf(seed));
        span?.SetTag("footbridge.event.id", publicEvent.Id).SetTag("footbridge.session", publicEvent.Session);
    }

    /// <summary>Chatwoot called; the span ends when the callback is answered.</summary>
    public static Activity? Callback(JobRequest? job)
    {
        if (job is null || !Source.HasListeners() || SeedOf(job.Queue, job.Payload) is not { } seed) return null;
        return Source.StartActivity("receive callback", ActivityKind.Consumer, ParentOf(seed))?.SetTag("footbridge.job.id", job.Id);
    }

    /// <summary>A message is handed to WhatsApp; the span ends with the server's answer.</summary>
    public static Activity? Send(string messageId) =>
        Source.HasListeners() ? Source.StartActivity("send to whatsapp", ActivityKind.Client)?.SetTag("footbridge.message.id", messageId) : null;

    /// <summary>A request to Chatwoot; the span ends when its answer has been read.</summary>
    public static Activity? Chatwoot(HttpMethod method, string url)
    {
        if (!Source.HasListeners()) return null;
        // Of the path only its last word: the rest are ids, and a contact's is a phone number.
        var word = new Uri(url).Segments.Select(segment => segment.Trim('/')).LastOrDefault(segment => segment.Length > 0 && segment.All(c => char.IsAsciiLetterLower(c) || c == '_'));
        return Source.StartActivity($"chatwoot {method} {word}", ActivityKind.Client);
    }

    /// <summary>The same handler, with a span around each run.</summary>
    public static JobHandler Around(JobHandler handler) => async (job, ct) =>
    {
        if (!Source.HasListeners())
        {
            await handler(job, ct);
            return;
        }

        var parent = SeedOf(job.Queue, job.Payload) is { } seed ? ParentOf(seed) : default;
        using var span = Source.StartActivity($"job {job.Queue}", ActivityKind.Consumer, parent);
        span?.SetTag("footbridge.job.id", job.Id).SetTag("footbridge.job.attempt", job.Attempt).SetTag("footbridge.job.runs", job.Runs);
        try
        {
            await handler(job, ct);
        }
        catch (Exception e)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            throw;
        }
    };

    private static string? SeedOf(string queue, ReadOnlyMemory<byte> payload)
    {
        if (queue.StartsWith("chatwoot.waha", StringComparison.Ordinal)) return Seed(EventData.Read(payload).Event);
        if (queue == WebhookJob.Queue && WebhookData.Read(payload) is var told) return told.Body["payload"]?["id"]?.ToString() is { } id ? Seed(told.Session, WahaIds.RawId(id)) : null;
        if (!queue.StartsWith("chatwoot.inbox | message", StringComparison.Ordinal)) return null;
        var inbox = InboxData.Read(payload);
        return Seed(inbox.Session, MessageCreatedJob.IdOf(inbox.App, inbox.Body["conversation"]!["id"]!.GetValue<long>(), inbox.Body["id"]!.GetValue<long>()));
    }

    private static string? Seed(PublicEvent publicEvent) =>
        publicEvent.Payload["id"]?.ToString() is { } id ? Seed(publicEvent.Session, WahaIds.RawId(id)) : null;

    private static string Seed(string session, string messageId) => $"{session}|{messageId}";

    private static ActivityContext ParentOf(string seed)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(seed));
        return new(
            ActivityTraceId.CreateFromBytes(digest.AsSpan(0, 16)), ActivitySpanId.CreateFromBytes(digest.AsSpan(16, 8)), ActivityTraceFlags.Recorded, isRemote: true);
    }
}
