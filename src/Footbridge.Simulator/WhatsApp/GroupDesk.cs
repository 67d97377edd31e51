using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp;

/// <summary>The server refuses a change of a group.</summary>
internal sealed class GroupRefusal(int code, string text) : Exception(text)
{
    public int Code { get; } = code;
}

/// <summary>Changes groups on somebody's behalf, with the server's checks of rights, and tells all members' devices.</summary>
internal sealed class GroupDesk(State.Directory directory, GroupBook book, TimeProvider time)
{
    private static readonly TimeSpan InvitationLifetime = TimeSpan.FromDays(3);
    private readonly ConcurrentDictionary<string, (Jid Group, SimAccount Invited)> _invitations = new(StringComparer.Ordinal);

    /// <summary>Whether new groups address their members by LID.</summary>
    public bool NewGroupsUseLids { get; set; } = true;

    public GroupBook Book => book;

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    public SimGroup Create(SimAccount actor, string subject, IReadOnlyList<(Jid Person, byte[]? Token)> people, string? key = null)
    {
        if (subject.Length is 0 or > 100) throw new GroupRefusal(406, "not-acceptable");
        var group = book.Add(subject, actor, NewGroupsUseLids, Now);
        group.Change(people.Select(p => (Account: directory.Find(p.Person), p.Token)).Where(p => p.Account is not null && MayBeAdded(p.Account, p.Token))
            .Select(p => (p.Account!, (SimRole?)SimRole.Member)));
        Tell(group, actor, group.Members.Select(m => m.Account), Node.Of("create", [("type", "new"), ("key", key)], group.Describe()));
        return group;
    }

    /// <summary>Makes a community, with the group in which its admins write to all; gives both.</summary>
    public (SimGroup Community, SimGroup Announcements) CreateCommunity(SimAccount actor, string subject, IReadOnlyList<Jid> people)
    {
        var community = book.Add(subject, actor, isLidAddressed: true, Now, isCommunity: true);
        var announcements = book.Add(subject, actor, isLidAddressed: true, Now, isDefaultSubGroup: true);
        (announcements.Community, announcements.IsAnnounce) = (community, true);
        foreach (var group in new[] { community, announcements })
        {
            group.Change(people.Select(directory.Find).OfType<SimAccount>().Select(account => (account, (SimRole?)SimRole.Member)));
            Tell(group, actor, group.Members.Select(m => m.Account), Node.Of("create", [("type", "new")], group.Describe()));
        }

        return (community, announcements);
    }

    /// <summary>Takes a group into a community, or out of it; both are told.</summary>
    public void SetLinked(SimAccount actor, SimGroup community, SimGroup group, bool isLinked)
    {
        RequireAdmin(actor, community);
        group.Community = isLinked ? community : null;
        Node Told(string kind, SimGroup other) => Node.Of(
            isLinked ? "link" : "unlink", [(isLinked ? "link_type" : "unlink_type", kind), ("unlink_reason", isLinked ? null : "unlink_group")], Node.Of("group", [("jid", other.Jid), ("subject", other.Subject), ("s_t", Now)]));
        Tell(group, actor, group.Members.Select(m => m.Account), Told("parent_group", community));
        Tell(community, actor, community.Members.Select(m => m.Account), Told("sub_group", group));
    }

    /// <summary>Adds people; a participant node for each, with an error where it was not done.</summary>
    public IReadOnlyList<Node> Add(SimAccount actor, SimGroup group, IReadOnlyList<(Jid Person, byte[]? Token)> people)
    {
        RequireMember(actor, group);
        if (!group.MembersCanAdd) RequireAdmin(actor, group);
        var answers = new List<Node>();
        var added = new List<SimAccount>();
        foreach (var (person, token) in people)
        {
            if (directory.Find(person) is not { } account) answers.Add(Failed(person, 404));
            else if (group.RoleOf(account) is not null) answers.Add(Failed(group.AddressOf(account), 409));
            else if (!MayBeAdded(account, token)) answers.Add(Invite(group, account));
            else
            {
                added.Add(account);
                answers.Add(group.Participant(account, SimRole.Member));
            }
        }

        Change(group, actor, "add", added, SimRole.Member);
        return answers;
    }

    public IReadOnlyList<Node> Remove(SimAccount actor, SimGroup group, IReadOnlyList<Jid> people) => ChangeMembers(actor, group, "remove", people, null);

    public IReadOnlyList<Node> Promote(SimAccount actor, SimGroup group, IReadOnlyList<Jid> people) => ChangeMembers(actor, group, "promote", people, SimRole.Admin);

    public IReadOnlyList<Node> Demote(SimAccount actor, SimGroup group, IReadOnlyList<Jid> people) => ChangeMembers(actor, group, "demote", people, SimRole.Member);

    public void Leave(SimAccount actor, SimGroup group)
    {
        RequireMember(actor, group);
        Change(group, actor, "remove", [actor], null);
    }

    /// <summary>Joins by the link; false when an admin has to approve first.</summary>
    public bool Join(SimAccount actor, SimGroup group)
    {
        if (group.RoleOf(actor) is not null) throw new GroupRefusal(409, "conflict");
        if (group.NeedsApproval)
        {
            group.Ask(actor);
            Tell(group, actor, Admins(group), Node.Of("created_membership_requests", [("request_method", "invite_link")], Node.Of("requested_user", [("jid", group.AddressOf(actor))])));
            return false;
        }

        Change(group, actor, "add", [actor], SimRole.Member, "invite");
        return true;
    }

    public void Accept(SimAccount actor, SimGroup group, string code)
    {
        if (!_invitations.TryRemove(code, out var invitation) || invitation != (group.Jid, actor)) throw new GroupRefusal(404, "item-not-found");
        Change(group, actor, "add", [actor], SimRole.Member, "invite");
    }

    public IReadOnlyList<Node> Decide(SimAccount actor, SimGroup group, bool approve, IReadOnlyList<Jid> people)
    {
        RequireAdmin(actor, group);
        var answers = new List<Node>();
        foreach (var person in people)
        {
            if (directory.Find(person) is not { } account || !group.Requests.Contains(account))
            {
                answers.Add(Failed(person, 404));
                continue;
            }

            if (approve) Change(group, actor, "add", [account], SimRole.Member, "linked_group_join");
            else group.Reject(account);
            answers.Add(Node.Of("participant", [("jid", person)]));
        }

        return answers;
    }

    /// <summary>Changes a setting; <paramref name="told"/> is what the notification carries.</summary>
    public void Set(SimAccount actor, SimGroup group, bool adminsOnly, Action<SimGroup> change, Node told)
    {
        RequireMember(actor, group);
        if (adminsOnly) RequireAdmin(actor, group);
        change(group);
        Tell(group, actor, group.Members.Select(m => m.Account), told);
    }

    public static void RequireMember(SimAccount actor, SimGroup group)
    {
        if (group.RoleOf(actor) is null) throw new GroupRefusal(403, "forbidden");
    }

    public static void RequireAdmin(SimAccount actor, SimGroup group)
    {
        if (!group.IsAdmin(actor)) throw new GroupRefusal(group.RoleOf(actor) is null ? 403 : 401, group.RoleOf(actor) is null ? "forbidden" : "not-authorized");
    }

    private IReadOnlyList<Node> ChangeMembers(SimAccount actor, SimGroup group, string change, IReadOnlyList<Jid> people, SimRole? role)
    {
        RequireAdmin(actor, group);
        var answers = new List<Node>();
        var changed = new List<SimAccount>();
        foreach (var person in people)
        {
            if (directory.Find(person) is not { } account || group.RoleOf(account) is not { } present) answers.Add(Failed(person, 404));
            else if (present == SimRole.SuperAdmin && account != actor) answers.Add(Failed(person, 405));
            else
            {
                changed.Add(account);
                answers.Add(Node.Of("participant", [("jid", group.AddressOf(account))]));
            }
        }

        Change(group, actor, change, changed, role);
        return answers;
    }

    private void Change(SimGroup group, SimAccount actor, string change, IReadOnlyList<SimAccount> people, SimRole? role, string? reason = null)
    {
        if (people.Count == 0) return;
        var before = group.Members.Select(m => m.Account).ToList();
        var (previous, version) = group.Change(people.Select(person => (person, role)));
        var told = Node.Of(change, [("reason", reason), ("prev_v_id", previous), ("v_id", version)], [.. people.Select(person => group.Participant(person, role ?? SimRole.Member))]);
        Tell(group, actor, before.Concat(people).Distinct(), told);
    }

    private void Tell(SimGroup group, SimAccount actor, IEnumerable<SimAccount> people, Node change)
    {
        var id = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        foreach (var device in people.SelectMany(person => person.Devices).ToList())
        {
            device.Push(Node.Of("notification",
                [
                    ("id", id), ("from", group.Jid), ("type", "w:gp2"), ("t", Now), ("participant", group.AddressOf(actor)),
                    ("participant_pn", group.IsLidAddressed ? actor.Phone : (Jid?)null), ("notify", actor.PushName), ("addressing_mode", group.IsLidAddressed ? "lid" : "pn"),
                ],
                change));
        }
    }

    private static IEnumerable<SimAccount> Admins(SimGroup group) => group.Members.Where(m => m.Role != SimRole.Member).Select(m => m.Account);

    private static bool MayBeAdded(SimAccount account, byte[]? token) =>
        !account.OnlyTrustedMayAdd || (token is not null && account.GivenTokens.ContainsKey(Convert.ToHexString(token)));

    private Node Invite(SimGroup group, SimAccount account)
    {
        var code = RandomNumberGenerator.GetHexString(20);
        _invitations[code] = (group.Jid, account);
        return Node.Of("participant", [("jid", group.AddressOf(account)), ("error", 403)],
            Node.Of("add_request", [("code", code), ("expiration", (time.GetUtcNow() + InvitationLifetime).ToUnixTimeSeconds())]));
    }

    private static Node Failed(Jid person, int code) => Node.Of("participant", [("jid", person.ToUser()), ("error", code)]);
}
