using System.Collections.Concurrent;
using Footbridge.Engine.Messages;
using Footbridge.Jobs;
using Footbridge.Server.Sessions;
using Footbridge.Server.Workers;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Decides what an error means for its job: wait without using up an attempt, fail at once, or count an attempt.</summary>
internal sealed class JobErrors
{
    /// <summary>How often one job may meet "500" before that counts as an attempt: the request itself may be the reason.</summary>
    public const int MaxInternalErrors = 20;

    private const int MaxRemembered = 10_000;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ApiWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReconnectWait = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, int> _away = new(StringComparer.Ordinal);

    /// <summary>Runs a job's work with its errors put into the broker's words.</summary>
    public async Task RunAsync(JobContext job, Func<Task> work)
    {
        try
        {
            await work();
            _away.TryRemove(job.Id, out _);
        }
        catch (ChatwootAwayException e)
        {
            if (_away.Count > MaxRemembered) _away.Clear();
            var count = _away.AddOrUpdate(job.Id, 1, (_, n) => n + 1);
            if (e.IsInternalError && count > MaxInternalErrors) throw;
            var wait = FirstWait * Math.Pow(2, Math.Min(count - 1, 10));
            throw new RetryAfterException(e.RetryAfter ?? (wait < LongestWait ? wait : LongestWait), e.Message, e);
        }
        catch (ChatwootException e)
        {
            throw new PermanentJobException($"{e.Message}\n{e.Body}", e);
        }
        catch (SendFailedException e)
        {
            throw new PermanentJobException(e.Message, e);
        }
        catch (SessionNotWorkingException e) when (e.Status == SessionStatus.Starting)
        {
            throw new RetryAfterException(ReconnectWait, e.Message, e);
        }
        catch (ApiAwayException e)
        {
            throw new RetryAfterException(ApiWait, e.Message, e);
        }
        catch (Exception e) when (e is NotOnlineException or TimeoutException)
        {
            throw new RetryAfterException(ReconnectWait, e.Message, e);
        }
    }
}
