using System.Collections.Concurrent;
using Footbridge.Engine.Messages;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Sessions;
using Footbridge.Server.Workers;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Decides what an error means for its job: wait without using up an attempt, fail at once, or count an attempt.</summary>
internal sealed class JobErrors
{
    /// <summary>How often one job may meet "500" before that counts as an attempt: the request itself may be the reason.</summary>
    public const int MaxInternalErrors = 20;

    /// <summary>How often a file that cannot be fetched is asked for again: over about 12 s, longer than Chatwoot takes to store one.</summary>
    public const int MaxFileTries = 6;

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
            var count = Count(job);
            if (e.IsInternalError && count > MaxInternalErrors) throw;
            throw new RetryAfterException(e.RetryAfter ?? WaitFor(count), e.Message, e);
        }
        catch (ChatwootException e)
        {
            throw new PermanentJobException($"{e.Message}\n{e.Body}", e);
        }
        catch (SendFileException e)
        {
            // A fresh file may not be in Chatwoot's storage yet when its message is told of.
            var count = Count(job);
            if (e.IsFinal || count > MaxFileTries) throw new PermanentJobException(e.Message, e);
            throw new RetryAfterException(WaitFor(count), e.Message, e);
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

    private int Count(JobContext job)
    {
        if (_away.Count > MaxRemembered) _away.Clear();
        return _away.AddOrUpdate(job.Id, 1, (_, n) => n + 1);
    }

    private static TimeSpan WaitFor(int count)
    {
        var wait = FirstWait * Math.Pow(2, Math.Min(count - 1, 10));
        return wait < LongestWait ? wait : LongestWait;
    }
}
