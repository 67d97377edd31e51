namespace Footbridge.Engine.Media;

/// <summary>What came of asking the account's phone to upload a file again.</summary>
internal abstract record MediaRetryOutcome
{
    private MediaRetryOutcome()
    {
    }

    /// <summary>It is on the media host again.</summary>
    public sealed record Uploaded(string DirectPath) : MediaRetryOutcome;

    /// <summary>The phone does not have it any more.</summary>
    public sealed record NotOnPhone : MediaRetryOutcome;

    /// <summary>The phone could not read the request, or could not upload.</summary>
    public sealed record Refused(string Reason) : MediaRetryOutcome;

    /// <summary>The phone did not answer in time; a late answer is still kept for the next download.</summary>
    public sealed record NoAnswer : MediaRetryOutcome;

    /// <summary>The phone was asked less than an hour ago.</summary>
    public sealed record AskedAlready(DateTimeOffset AskAgainAt) : MediaRetryOutcome;
}
