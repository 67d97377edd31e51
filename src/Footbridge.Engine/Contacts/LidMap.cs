using System.Text;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Contacts;

/// <summary>Which phone number and which LID are one person, as stored. Source: docs/protocol/devices-lid.md.</summary>
internal static class LidMap
{
    public static async ValueTask<Jid?> FindTwinAsync(IDeviceStore store, Jid user, CancellationToken ct)
    {
        var (kind, server) = user.IsLid ? (StateKind.PhoneOfLid, JidServer.User) : (StateKind.LidOfPhone, JidServer.Lid);
        if (!user.IsUser) return null;
        return await store.GetAsync(kind, user.User, ct) is { } twin ? new Jid(Encoding.UTF8.GetString(twin), server) : null;
    }
}
