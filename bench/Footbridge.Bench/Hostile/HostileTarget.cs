namespace Footbridge.Bench.Hostile;

/// <summary>One parser under attack.</summary>
/// <param name="Parse">Gives what it made of the input, or null when it refuses; may throw a <c>ProtocolException</c> if <paramref name="MayThrow"/>.</param>
internal sealed record HostileTarget(string Name, InputMaker Inputs, Func<byte[], object?> Parse, bool MayThrow = true);

/// <summary>What came of it.</summary>
/// <param name="Failure">Why the run ended early, with what is needed to repeat it; null when every input was taken or refused.</param>
internal sealed record HostileResult(
    string Name, int Inputs, int Accepted, TimeSpan Time, TimeSpan Slowest, long AllocatedBytes, long LargestBytes, long PeakBytes, string? Failure);
