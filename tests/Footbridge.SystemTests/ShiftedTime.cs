namespace Footbridge.SystemTests;

/// <summary>The system's clock, set forward by a test. What waits for a timer waits as long as ever.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
}
