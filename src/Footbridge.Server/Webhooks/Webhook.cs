using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Webhooks;

/// <summary>A receiver of events over HTTP.</summary>
/// <param name="Id">The same as long as the address is the same; tells apart two of one session that have one address.</param>
/// <param name="HmacKey">What bodies are signed with; null for not at all.</param>
internal sealed record Webhook(string Id, string Url, EventSelection Events, string? HmacKey, WebhookRetries Retries, IReadOnlyList<WebhookHeader> Headers)
{
    /// <summary>The id of the one that the environment sets for all sessions.</summary>
    public const string Global = "global";

    /// <summary>The address without what may be a secret in it.</summary>
    public string Place
    {
        get
        {
            var url = new Uri(Url);
            return $"{url.Scheme}://{url.Authority}";
        }
    }

    public override string ToString() => $"{Place} [key and headers redacted]";
}

internal sealed record WebhookHeader(string Name, string Value)
{
    public override string ToString() => $"{Name}: [redacted]";
}

/// <summary>How the wait between tries grows.</summary>
internal enum WebhookBackoff
{
    Constant,
    Linear,
    Exponential,
}

/// <summary>How often and when a delivery is tried.</summary>
/// <param name="Delay">Before the second try; zero: at once.</param>
/// <param name="Attempts">Tries in all, the first included.</param>
internal sealed record WebhookRetries(WebhookBackoff Backoff, TimeSpan Delay, int Attempts)
{
    /// <summary>What exponential waits are spread by at most, as a part of them: receivers that were down are not all called in one moment.</summary>
    public const double MaxJitter = 0.2;

    /// <summary>A receiver can ask for no longer wait than this: its chat's other events wait too.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(24);

    /// <summary>WAHA's defaults.</summary>
    public static WebhookRetries Default { get; } = new(WebhookBackoff.Constant, TimeSpan.FromSeconds(2), 15);

    /// <summary>The wait before the next try.</summary>
    /// <param name="attempt">The try that failed, from 1.</param>
    /// <param name="asked">What the receiver asked for; the longer of both counts.</param>
    /// <param name="spread">From 0 to 1, at random.</param>
    public TimeSpan NextDelay(int attempt, TimeSpan? asked, double spread)
    {
        var factor = Backoff switch
        {
            WebhookBackoff.Linear => attempt,
            WebhookBackoff.Exponential => Math.Pow(2, attempt - 1) * (1 + (spread * MaxJitter)),
            _ => 1,
        };
        var own = Math.Min(Delay.TotalMilliseconds * factor, LongestWait.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Max(own, Math.Min(asked?.TotalMilliseconds ?? 0, LongestWait.TotalMilliseconds)));
    }
}
