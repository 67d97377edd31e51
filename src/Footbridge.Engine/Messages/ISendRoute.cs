using Footbridge.Engine.Connection;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages;

/// <summary>How messages to one kind of chat leave: to people, to groups, to channels.</summary>
internal interface ISendRoute
{
    bool Carries(Jid chat);

    /// <summary>
    /// Resolves, encrypts, commits and lets the bytes leave; called with the chat's lock held, outside the loop, and again with the same id when
    /// the message has to leave again. The returned waiter completes with the server's ack.
    /// </summary>
    Task<Leaving> LetLeaveAsync(OutgoingMessage message, CancellationToken ct);

    /// <summary>The server has acknowledged; outside the loop.</summary>
    Task AckedAsync(OutgoingMessage message, Node ack, CancellationToken ct) => Task.CompletedTask;

    /// <summary>The server has refused with this code: whether what the route knew was stale, so that the message may leave again at once. Outside the loop.</summary>
    bool IsWorthAnotherTry(OutgoingMessage message, int code) => false;
}

/// <summary>A message on its way; kept in an object so that awaiting the way out does not await the ack.</summary>
internal sealed record Leaving(Task<Node> Ack)
{
    /// <summary>Waits for the ack of what <paramref name="leave"/> sends; an ack that nobody will wait for does not go unobserved.</summary>
    /// <param name="leave">Is given the ack; completes when the message has left, and throws when it cannot.</param>
    public static async Task<Leaving> AfterAsync(ILink link, string messageId, Func<Task<Node>, Task> leave, CancellationToken ct)
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ack = link.WaitAckAsync(messageId, left.Task, ct);
        try
        {
            await leave(ack);
            left.SetResult();
            return new(ack);
        }
        catch (Exception)
        {
            left.SetCanceled(CancellationToken.None);
            _ = ack.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }
}
