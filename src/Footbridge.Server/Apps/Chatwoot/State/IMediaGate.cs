using Footbridge.Server.Apps.Chatwoot.FromWhatsApp;
using Footbridge.Server.Media;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>Files of messages for jobs, wherever they are kept.</summary>
internal interface IMediaGate
{
    /// <summary>A message's file on the disk of this process: waits for one that is on its way, and has one fetched again whose time was over.</summary>
    /// <param name="name">As in the address that its event names.</param>
    /// <exception cref="FileNotStoredException">It cannot be had, or did not come in <see cref="LocalMediaGate.Patience"/>.</exception>
    Task<EntryFile> GetAsync(string session, string name, CancellationToken ct);
}
