using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Groups;

/// <summary>A device a group message is for: as the stanza names it, and as it is encrypted for (its LID when known).</summary>
internal readonly record struct Recipient(Jid Wire, Jid Signal);

/// <summary>Everybody a message under a sender key is for.</summary>
/// <param name="Own">This device, by the kind of address the chat uses.</param>
/// <param name="Devices">All other devices.</param>
internal sealed record Audience(Jid Own, IReadOnlyList<Recipient> Devices)
{
    public string Hash { get; } = ParticipantHash.Of(Devices.Select(device => device.Wire).Append(Own));
}
