using Footbridge.Engine;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Pairing;
using Footbridge.Protocol.Xml;

namespace Footbridge.Bench.Hostile.Harness;

/// <summary>A connection whose server answers every query with what the input says, and acknowledges nothing.</summary>
internal sealed class HostileLink(WaClientOptions options, TimeProvider time, Credentials credentials, Func<Node, Node> answer) : ILink
{
    public Account Me => Credentials.Account!;

    public Credentials Credentials { get; private set; } = credentials;

    public Liveness Liveness { get; } = new(options, time);

    /// <summary>Why the account was stopped, if it was.</summary>
    public string? Failure { get; private set; }

    public void Replace(Credentials credentials) => Credentials = credentials;

    public Task<Node> QueryAsync(Node iq, TimeSpan timeout, CancellationToken ct)
    {
        var node = answer(iq);
        return node["type"] == "error" ? Task.FromException<Node>(new QueryFailedException((int)(node.Child("error")?.LongOf("code") ?? 0), node.Child("error")?["text"] ?? "")) : Task.FromResult(node);
    }

    public Task<Node> WaitAckAsync(string messageId, Task left, CancellationToken ct) => Task.FromException<Node>(new TimeoutException("nothing is acknowledged here"));

    public void CompleteAck(string messageId, Node ack)
    {
        // Nobody waits for it.
    }

    /// <summary>What is sent must be a node that can be written.</summary>
    public void Send(Node stanza) => NodeWriter.Encode(stanza);

    public void RequireOnline()
    {
        // It always is.
    }

    public void Fail(DisconnectReason reason, string detail) => Failure ??= $"{reason}: {detail}";
}
