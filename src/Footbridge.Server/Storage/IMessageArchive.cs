using Footbridge.Engine.Events;
using Footbridge.Protocol.Xml;

namespace Footbridge.Server.Storage;

/// <summary>Messages of the past, for those who quote, forward or answer one.</summary>
internal interface IMessageArchive
{
    /// <summary>A message as it stands now (edits made), or null when it is not known, was taken back or could not be opened.</summary>
    /// <param name="chat">Only in this chat, by either address of a person; null for any.</param>
    /// <param name="id">WAHA's full form, which also says whose it is, or WhatsApp's raw id.</param>
    ValueTask<MessageReceived?> FindAsync(string session, Jid? chat, string id, CancellationToken ct);
}
