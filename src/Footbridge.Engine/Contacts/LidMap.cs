using System.Text;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Contacts;

/// <summary>Which phone number and which LID are one person, as stored. Source: docs/protocol/devices-lid.md.</summary>
internal static class LidMap
{
    private const int MaxFormerPhones = 20;

    public static async ValueTask<Jid?> FindTwinAsync(IDeviceStore store, Jid user, CancellationToken ct)
    {
        var (kind, server) = user.IsLid ? (StateKind.PhoneOfLid, JidServer.User) : (StateKind.LidOfPhone, JidServer.Lid);
        if (!user.IsUser) return null;
        return await store.GetAsync(kind, user.User, ct) is { } twin ? new Jid(Encoding.UTF8.GetString(twin), server) : null;
    }

    /// <summary>Numbers that a person had before, by its LID. One that belongs to somebody else now is not among them.</summary>
    public static async ValueTask<IReadOnlyList<Jid>> FindFormerPhonesAsync(IDeviceStore store, Jid lid, CancellationToken ct)
    {
        var former = new List<Jid>();
        if (!lid.IsLid) return former;
        var present = await FindTwinAsync(store, lid, ct);
        foreach (var (key, _) in await store.ListAsync(StateKind.PersonLink, lid.User + "/", MaxFormerPhones, ct))
        {
            var phone = new Jid(key[(lid.User.Length + 1)..], JidServer.User);
            if (phone == present || (await FindTwinAsync(store, phone, ct) is { } owner && owner != lid.ToUser())) continue;
            former.Add(phone);
        }

        return former;
    }
}
