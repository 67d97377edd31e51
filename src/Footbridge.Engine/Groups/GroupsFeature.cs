using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Groups;

/// <summary>The account's groups: what they are, who is in them, and every change the account may make.</summary>
/// <remarks>
/// Every method asks the server and throws <see cref="QueryFailedException"/> with the server's code when it refuses (401 or 403: no right,
/// 404: no such group, 429: too often), <see cref="TimeoutException"/> when it does not answer in time, and <see cref="NotOnlineException"/>
/// without a connection. A change made here comes back as an event like everybody else's. Source: docs/protocol/groups.md.
/// </remarks>
public sealed partial class GroupsFeature : IFeature
{
    /// <summary>Longest subject, in characters.</summary>
    public const int MaxSubjectLength = 100;

    private readonly AccountContext _context;

    internal GroupsFeature(AccountContext context, MessageSender sender)
    {
        _context = context;
        sender.Add(new GroupRoute(context));
    }

    void IFeature.Register(StanzaRouter router)
    {
        router.Add("notification/w:gp2", new GroupNotifications(_context));
        _context.Dirty.On("groups", ListAsync);
    }

    /// <summary>A group, as known; asks when it is not.</summary>
    public Task<GroupInfo> GetAsync(Jid group, CancellationToken ct) => _context.Groups.GetAsync(group, ct);

    /// <summary>A group, as the server knows it now.</summary>
    public Task<GroupInfo> FetchAsync(Jid group, CancellationToken ct) => _context.Groups.FetchAsync(group, ct);

    /// <summary>All groups the account is a member of.</summary>
    public Task<IReadOnlyList<GroupInfo>> ListAsync(CancellationToken ct) => _context.Groups.FetchAllAsync(ct);

    /// <summary>Makes a group. A person who cannot be added is missing from the result's members.</summary>
    public async Task<GroupInfo> CreateAsync(string subject, IReadOnlyCollection<Jid> people, CancellationToken ct)
    {
        var members = await MemberNodesAsync(people, ct);
        var answer = await QueryAsync(GroupStanzas.Create(subject, MessageIds.Random(), members), ct);
        var info = GroupParser.Parse(answer.Child("group") ?? throw new ProtocolException("an answer to a group's creation without a group"));
        await _context.Groups.TakeAsync(info, ct);
        return info;
    }

    /// <summary>Adds people; says for each what became of it.</summary>
    public async Task<IReadOnlyList<MemberOutcome>> AddAsync(Jid group, IReadOnlyCollection<Jid> people, CancellationToken ct) =>
        await ChangeMembersAsync(group, "add", await MemberNodesAsync(people, ct), ct);

    public async Task<IReadOnlyList<MemberOutcome>> RemoveAsync(Jid group, IReadOnlyCollection<Jid> people, CancellationToken ct) =>
        await ChangeMembersAsync(group, "remove", await KnownMemberNodesAsync(group, people, ct), ct);

    /// <summary>Makes members admins.</summary>
    public async Task<IReadOnlyList<MemberOutcome>> PromoteAsync(Jid group, IReadOnlyCollection<Jid> people, CancellationToken ct) =>
        await ChangeMembersAsync(group, "promote", await KnownMemberNodesAsync(group, people, ct), ct);

    /// <summary>Makes admins plain members.</summary>
    public async Task<IReadOnlyList<MemberOutcome>> DemoteAsync(Jid group, IReadOnlyCollection<Jid> people, CancellationToken ct) =>
        await ChangeMembersAsync(group, "demote", await KnownMemberNodesAsync(group, people, ct), ct);

    public async Task LeaveAsync(Jid group, CancellationToken ct)
    {
        await QueryAsync(GroupStanzas.Leave(group), ct);
        _context.Groups.Forget(group);
    }

    private async Task<IReadOnlyList<MemberOutcome>> ChangeMembersAsync(Jid group, string change, IReadOnlyList<Node> members, CancellationToken ct)
    {
        var answer = await QueryAsync(GroupStanzas.Change(group, change, members), ct);
        // The notification of the change says the same to the cache, with versions; until it is here what is known is stale.
        _context.Groups.Forget(group);
        return [.. (answer.Child(change)?.ChildrenOf("participant") ?? []).Where(p => p.JidOf("jid") is not null).Select(GroupParser.Outcome)];
    }

    /// <summary>People who are to come in: by LID when known, with the number beside it and their token for us.</summary>
    private async Task<IReadOnlyList<Node>> MemberNodesAsync(IReadOnlyCollection<Jid> people, CancellationToken ct)
    {
        var now = _context.Time.GetUtcNow();
        var lids = await new AudienceFinder(_context).FindLidsAsync(people, ct);
        var nodes = new List<Node>(people.Count);
        foreach (var person in people.Select(person => person.ToUser()).Distinct())
        {
            var phone = person.IsPhone ? person : await _context.Loop.RunAsync(stop => _context.State.TwinAsync(person, stop), ct);
            nodes.Add(GroupStanzas.Member(lids[person], phone, await PrivacyTokens.FindAsync(_context.Store, lids[person], now, ct)));
        }

        return nodes;
    }

    /// <summary>People who are in: by the address the group has them under.</summary>
    private async Task<IReadOnlyList<Node>> KnownMemberNodesAsync(Jid group, IReadOnlyCollection<Jid> people, CancellationToken ct)
    {
        var info = await _context.Groups.GetAsync(group, ct);
        return [.. people.Select(person => person.ToUser()).Select(person =>
            info.Members.FirstOrDefault(m => m.Person.Address == person || m.Person.Phone == person || m.Person.Lid == person)?.Person.Address ?? person)
            .Select(address => GroupStanzas.Member(address, null, null))];
    }

    private Task<Node> QueryAsync(Node iq, CancellationToken ct) => _context.Link.QueryAsync(iq, _context.Options.QueryTimeout, ct);
}
