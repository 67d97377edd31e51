namespace Footbridge.Engine;

/// <summary>What shows that an account really is connected, and what is done when nothing shows it. Times are on this machine's clock.</summary>
/// <param name="VerifiedAt">The last proof: an answer to a query, an ack of a message, or a message that could be decrypted; null before the first.</param>
/// <param name="LastInbound">The last frame of any kind.</param>
/// <param name="LastPong">The last answer to a ping. Not a proof: a stream can be frozen behind it.</param>
/// <param name="LastRoundTrip">The last answer to a query or ack of a message.</param>
/// <param name="LastDecrypted">The last message that could be decrypted.</param>
/// <param name="Step">What is being done now.</param>
/// <param name="Reason">Why, unless the step is <see cref="LivenessStep.Proven"/>.</param>
/// <param name="RestartsLastHour">Connections that were made anew on suspicion.</param>
public sealed record LivenessSnapshot(
    DateTimeOffset? VerifiedAt, DateTimeOffset? LastInbound, DateTimeOffset? LastPong, DateTimeOffset? LastRoundTrip, DateTimeOffset? LastDecrypted,
    LivenessStep Step, string? Reason, int RestartsLastHour)
{
    public static LivenessSnapshot None { get; } = new(null, null, null, null, null, LivenessStep.Proven, null, 0);
}

/// <summary>What is done about an account that may only seem to be connected, from the mildest on.</summary>
public enum LivenessStep
{
    Proven,

    /// <summary>A query is on its way that the server always answers.</summary>
    Probing,

    /// <summary>Messages of several people cannot be decrypted: our keys at the server are compared with ours and uploaded again.</summary>
    RefreshingKeys,

    /// <summary>The connection is made anew.</summary>
    Reconnecting,

    /// <summary>Nothing helped within what is allowed in an hour: somebody has to look.</summary>
    Alerted,
}
