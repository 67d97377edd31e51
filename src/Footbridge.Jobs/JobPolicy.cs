using System.Globalization;

namespace Footbridge.Jobs;

/// <summary>How a job is tried again.</summary>
/// <param name="Attempts">Tries in all, the first included; at least 1.</param>
/// <param name="FirstDelay">Wait after the first failed try; it doubles with each further one.</param>
public sealed record JobPolicy(int Attempts, TimeSpan FirstDelay)
{
    /// <summary>Longest wait between two tries.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long <see cref="RetryAfterException"/> may keep a job waiting, from its first start, before it fails for good.</summary>
    public TimeSpan RetryAfterLimit { get; init; } = TimeSpan.FromHours(48);

    /// <summary>As it is kept as text: the tries and the three times in whole milliseconds.</summary>
    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Attempts} {WholeMilliseconds.Of(FirstDelay)} {WholeMilliseconds.Of(MaxDelay)} {WholeMilliseconds.Of(RetryAfterLimit)}");

    /// <summary>Reads what <see cref="ToText"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static JobPolicy FromText(string text)
    {
        var numbers = text.Split(' ');
        if (numbers.Length != 4) throw new FormatException("a policy is four numbers");
        return new JobPolicy(int.Parse(numbers[0], CultureInfo.InvariantCulture), Span(numbers[1])) { MaxDelay = Span(numbers[2]), RetryAfterLimit = Span(numbers[3]) };
    }

    private static TimeSpan Span(string milliseconds) => TimeSpan.FromMilliseconds(long.Parse(milliseconds, CultureInfo.InvariantCulture));
}
