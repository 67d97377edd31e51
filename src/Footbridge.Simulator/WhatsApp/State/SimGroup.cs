using System.Globalization;
using System.Security.Cryptography;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;

namespace Footbridge.Simulator.WhatsApp.State;

/// <summary>What a member may do, in the words of the wire.</summary>
internal enum SimRole
{
    Member,
    Admin,
    SuperAdmin,
}

/// <summary>One group as the server knows it. All members may be called from any thread.</summary>
internal sealed class SimGroup(string id, string subject, SimAccount creator, bool isLidAddressed, long createdAt)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SimAccount, SimRole> _members = new() { [creator] = SimRole.SuperAdmin };
    private readonly List<SimAccount> _requests = [];
    private long _version = 1;

    public Jid Jid { get; } = new(id, JidServer.Group);

    public SimAccount Creator { get; } = creator;

    /// <summary>Whether members go by LID on the wire.</summary>
    public bool IsLidAddressed { get; set; } = isLidAddressed;

    public string Subject { get; set; } = subject;

    public (string Id, string Text, SimAccount Author, long At)? Description { get; set; }

    public bool IsAnnounce { get; set; }

    public bool IsLocked { get; set; }

    public bool NeedsApproval { get; set; }

    public bool MembersCanAdd { get; set; } = true;

    public long EphemeralSeconds { get; set; }

    /// <summary>A community, whose groups name it.</summary>
    public bool IsCommunity { get; init; }

    /// <summary>The community it belongs to.</summary>
    public SimGroup? Community { get; set; }

    /// <summary>The group in which a community's admins write to all.</summary>
    public bool IsDefaultSubGroup { get; init; }

    public string InviteCode { get; private set; } = NewCode();

    public IReadOnlyList<(SimAccount Account, SimRole Role)> Members
    {
        get
        {
            lock (_gate) return [.. _members.Select(member => (member.Key, member.Value))];
        }
    }

    public IReadOnlyList<SimAccount> Requests
    {
        get
        {
            lock (_gate) return [.. _requests];
        }
    }

    public SimRole? RoleOf(SimAccount account)
    {
        lock (_gate) return _members.TryGetValue(account, out var role) ? role : null;
    }

    public bool IsAdmin(SimAccount account) => RoleOf(account) is SimRole.Admin or SimRole.SuperAdmin;

    /// <summary>A person's address in this group.</summary>
    public Jid AddressOf(SimAccount account) => IsLidAddressed ? account.Lid : account.Phone;

    /// <summary>Adds, removes (null) or changes members; returns the version before and after.</summary>
    public (string Before, string After) Change(IEnumerable<(SimAccount Account, SimRole? Role)> changes)
    {
        lock (_gate)
        {
            foreach (var (account, role) in changes)
            {
                _requests.Remove(account);
                if (role is { } given) _members[account] = given;
                else _members.Remove(account);
            }

            return (Text(_version++), Text(_version));
        }
    }

    public void Ask(SimAccount account)
    {
        lock (_gate)
        {
            if (!_requests.Contains(account)) _requests.Add(account);
        }
    }

    public void Reject(SimAccount account)
    {
        lock (_gate) _requests.Remove(account);
    }

    public void RenewInviteCode() => InviteCode = NewCode();

    /// <summary>The hash of all members' devices, with which a sender's is compared.</summary>
    public string Hash() => ParticipantHash.Of(Members.SelectMany(m => m.Account.Devices.Select(d => AddressOf(m.Account).WithDevice(d.Number))));

    /// <summary>The group as queries and notifications show it.</summary>
    public Node Describe() => Node.Of("group",
        [
            ("id", Jid.User), ("subject", Subject), ("creation", createdAt), ("creator", AddressOf(Creator)), ("creator_pn", IsLidAddressed ? Creator.Phone : (Jid?)null),
            ("s_t", createdAt), ("s_o", AddressOf(Creator)), ("size", Members.Count), ("addressing_mode", IsLidAddressed ? "lid" : "pn"), ("p_v_id", Text(Volatile.Read(ref _version))),
        ],
        [
            .. Members.Select(m => Participant(m.Account, m.Role)),
            Description is { } text
                ? Node.Of("description", [("id", text.Id), ("t", text.At), ("participant", AddressOf(text.Author))], Node.OfText("body", text.Text))
                : null,
            IsAnnounce ? Node.Of("announcement") : null,
            IsLocked ? Node.Of("locked") : null,
            IsCommunity ? Node.Of("parent") : null,
            Community is { } community ? Node.Of("linked_parent", [("jid", community.Jid)]) : null,
            IsDefaultSubGroup ? Node.Of("default_sub_group") : null,
            EphemeralSeconds > 0 ? Node.Of("ephemeral", [("expiration", EphemeralSeconds)]) : null,
            Node.OfText("member_add_mode", MembersCanAdd ? "all_member_add" : "admin_add"),
            Node.Of("membership_approval_mode", Node.Of("group_join", [("state", NeedsApproval ? "on" : "off")])),
        ]);

    public Node Participant(SimAccount account, SimRole role) => Node.Of("participant",
    [
        ("jid", AddressOf(account)), ("phone_number", IsLidAddressed ? account.Phone : (Jid?)null), ("lid", IsLidAddressed ? (Jid?)null : account.Lid),
        ("type", role switch { SimRole.SuperAdmin => "superadmin", SimRole.Admin => "admin", _ => null }),
    ]);

    private static string NewCode() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)).TrimEnd('=').Replace('+', 'A').Replace('/', 'B');

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
