using System.Collections.Concurrent;
using System.Globalization;
using Footbridge.Protocol.Xml;

namespace Footbridge.Simulator.WhatsApp.State;

/// <summary>All groups.</summary>
internal sealed class GroupBook
{
    private const long FirstId = 120_363_000_000_000_000;
    private readonly ConcurrentDictionary<Jid, SimGroup> _groups = new();
    private long _lastId = FirstId;

    public SimGroup Add(string subject, SimAccount creator, bool isLidAddressed, long now, bool isCommunity = false, bool isDefaultSubGroup = false)
    {
        var group = new SimGroup(Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture), subject, creator, isLidAddressed, now) { IsCommunity = isCommunity, IsDefaultSubGroup = isDefaultSubGroup };
        _groups[group.Jid] = group;
        return group;
    }

    public SimGroup? Find(Jid jid) => _groups.GetValueOrDefault(jid.ToUser());

    public SimGroup? FindByCode(string code) => _groups.Values.FirstOrDefault(group => group.InviteCode == code);

    public IEnumerable<SimGroup> Of(SimAccount account) => _groups.Values.Where(group => group.RoleOf(account) is not null).OrderBy(group => group.Jid.User, StringComparer.Ordinal);
}
