namespace Footbridge.Jobs;

/// <summary>Trying again cannot help: the job fails at once, whatever attempts are left.</summary>
public class PermanentJobException : Exception
{
    public PermanentJobException(string message) : base(message) { }

    public PermanentJobException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>The try failed and counts; the next one comes after this wait instead of the policy's.</summary>
public class RetryInException : Exception
{
    public RetryInException(TimeSpan delay, string message) : base(message) => Delay = delay;

    public RetryInException(TimeSpan delay, string message, Exception inner) : base(message, inner) => Delay = delay;

    public TimeSpan Delay { get; }
}

/// <summary>The other side asks to wait, or is away: the job waits as told, its lane with it, and no attempt is used up.</summary>
public class RetryAfterException : Exception
{
    public RetryAfterException(TimeSpan delay, string message) : base(message) => Delay = delay;

    public RetryAfterException(TimeSpan delay, string message, Exception inner) : base(message, inner) => Delay = delay;

    public TimeSpan Delay { get; }
}

/// <summary>The broker cannot be reached or cannot work now. Trying again later helps; whether this operation was carried out is unknown.</summary>
public class BrokerUnavailableException : Exception
{
    public BrokerUnavailableException(string message) : base(message) { }

    public BrokerUnavailableException(string message, Exception inner) : base(message, inner) { }
}
