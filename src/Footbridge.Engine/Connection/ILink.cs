using Footbridge.Engine.Pairing;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Connection;

/// <summary>What features need of the live connection. All members may be called from any thread.</summary>
internal interface ILink
{
    /// <exception cref="Messages.NotOnlineException">The account has never been linked.</exception>
    Account Me { get; }

    Credentials Credentials { get; }

    /// <summary>Makes changed credentials the account's and tells of it when the account's name changed; the caller has put them into a batch. Inside the loop.</summary>
    void Replace(Credentials credentials);

    /// <summary>Features that decrypt tell it whether they could.</summary>
    Liveness Liveness { get; }

    /// <summary>Sends an iq (an id is added when missing) and returns its result.</summary>
    /// <exception cref="QueryFailedException">The server answered with an error.</exception>
    /// <exception cref="TimeoutException">No answer in time; the connection stays up.</exception>
    /// <exception cref="Messages.NotOnlineException">There is no connection, or it broke before the answer.</exception>
    Task<Node> QueryAsync(Node iq, TimeSpan timeout, CancellationToken ct);

    /// <summary>Waits for the server's ack of a message; call it before the message leaves.</summary>
    /// <param name="left">When the message has left: the time limit runs from then on. When it fails nothing is waited for.</param>
    /// <exception cref="TimeoutException">No ack in time.</exception>
    /// <exception cref="Messages.NotOnlineException">The connection broke before the ack.</exception>
    Task<Node> WaitAckAsync(string messageId, Task left, CancellationToken ct);

    void CompleteAck(string messageId, Node ack);

    /// <summary>Queues a stanza for the socket, in order; it is lost with the connection (the server asks again for what matters).</summary>
    void Send(Node stanza);

    /// <exception cref="Messages.NotOnlineException">The account is not logged in.</exception>
    void RequireOnline();

    /// <summary>Ends the account's run: its state on disk can no longer be trusted to follow.</summary>
    void Fail(DisconnectReason reason, string detail);
}
