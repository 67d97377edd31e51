using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Connection;

/// <summary>Takes in one kind of stanza, inside the account's loop; it must never wait for an answer from the server.</summary>
internal interface IStanzaHandler
{
    ValueTask HandleAsync(Node stanza, CancellationToken ct);
}
