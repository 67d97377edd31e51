using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Groups;

public sealed partial class GroupsFeature
{
    private const int Conflict = 409;

    /// <exception cref="ArgumentException">The subject is empty or longer than <see cref="MaxSubjectLength"/>.</exception>
    public async Task SetSubjectAsync(Jid group, string subject, CancellationToken ct)
    {
        if (subject.Length is 0 or > MaxSubjectLength) throw new ArgumentException($"a group's subject has 1 to {MaxSubjectLength} characters", nameof(subject));
        await QueryAsync(GroupStanzas.Subject(group, subject), ct);
        _context.Groups.Update(group, known => known with { Subject = subject });
    }

    /// <summary>Sets the description, or removes it when empty; once more from the present one when somebody else changed it meanwhile.</summary>
    public async Task SetDescriptionAsync(Jid group, string? text, CancellationToken ct)
    {
        var info = await GetAsync(group, ct);
        try
        {
            await SetDescriptionAsync(info, text, ct);
        }
        catch (QueryFailedException e) when (e.Code == Conflict)
        {
            await SetDescriptionAsync(await FetchAsync(group, ct), text, ct);
        }
    }

    /// <summary>Whether only admins may write.</summary>
    public Task SetAnnounceAsync(Jid group, bool adminsOnly, CancellationToken ct) =>
        SetAsync(group, GroupStanzas.Setting(group, adminsOnly ? "announcement" : "not_announcement"), known => known with { IsAnnounce = adminsOnly }, ct);

    /// <summary>Whether only admins may change subject, description and picture.</summary>
    public Task SetLockedAsync(Jid group, bool adminsOnly, CancellationToken ct) =>
        SetAsync(group, GroupStanzas.Setting(group, adminsOnly ? "locked" : "unlocked"), known => known with { IsLocked = adminsOnly }, ct);

    /// <param name="seconds">0 for ever; WhatsApp takes 86,400, 604,800 and 7,776,000.</param>
    public Task SetEphemeralAsync(Jid group, long seconds, CancellationToken ct) =>
        SetAsync(group, GroupStanzas.Ephemeral(group, seconds), known => known with { EphemeralSeconds = seconds }, ct);

    /// <summary>Whether all members may add others, or only admins.</summary>
    public Task SetMembersCanAddAsync(Jid group, bool allMembers, CancellationToken ct) =>
        SetAsync(group, GroupStanzas.MemberAddMode(group, allMembers), known => known with { MembersCanAdd = allMembers }, ct);

    /// <summary>Whether an admin has to approve those who join by the link.</summary>
    public Task SetApprovalAsync(Jid group, bool isNeeded, CancellationToken ct) =>
        SetAsync(group, GroupStanzas.ApprovalMode(group, isNeeded), known => known with { NeedsApproval = isNeeded }, ct);

    /// <summary>The code of the group's link, <c>https://chat.whatsapp.com/CODE</c>.</summary>
    public async Task<string> GetInviteCodeAsync(Jid group, CancellationToken ct) => CodeOf(await QueryAsync(GroupStanzas.InviteCode(group), ct));

    /// <summary>Makes the link invalid and returns the new one's code.</summary>
    public async Task<string> RevokeInviteCodeAsync(Jid group, CancellationToken ct) => CodeOf(await QueryAsync(GroupStanzas.RevokeInviteCode(group), ct));

    /// <summary>The group behind a link. <see cref="QueryFailedException"/> with 410: revoked, 406: no such code.</summary>
    public async Task<GroupInfo> LookUpInviteAsync(string code, CancellationToken ct) =>
        GroupParser.Parse((await QueryAsync(GroupStanzas.LookUp(code), ct)).Child("group") ?? throw new ProtocolException("an invite lookup's answer without a group"));

    /// <summary>Joins by a link.</summary>
    public async Task<GroupJoining> JoinAsync(string code, CancellationToken ct)
    {
        var answer = await QueryAsync(GroupStanzas.Join(code), ct);
        if (answer.Child("membership_approval_request")?.JidOf("jid") is { } waiting) return new(waiting, true);
        return new(answer.Child("group")?.JidOf("jid") ?? throw new ProtocolException("an answer to joining without a group"), false);
    }

    /// <summary>Accepts an invitation that came as a message.</summary>
    public async Task<GroupJoining> AcceptInvitationAsync(Jid group, GroupInvitation invitation, Jid inviter, CancellationToken ct)
    {
        var answer = await QueryAsync(GroupStanzas.Accept(group, invitation.Code, invitation.ExpiresAt.ToUnixTimeSeconds(), inviter), ct);
        return new(group, answer.Child("membership_approval_request") is not null);
    }

    /// <summary>Who waits for an admin.</summary>
    public async Task<IReadOnlyList<JoinRequest>> ListJoinRequestsAsync(Jid group, CancellationToken ct)
    {
        var answer = await QueryAsync(GroupStanzas.JoinRequests(group), ct);
        return [.. (answer.Child("membership_approval_requests")?.Children ?? []).Where(request => request.JidOf("jid") is not null)
            .Select(request => new JoinRequest(GroupParser.Person(request), GroupParser.TimeOf(request, "request_time"), request["request_method"]))];
    }

    /// <summary>Lets people in who asked, or turns them away; says for each what became of it.</summary>
    public async Task<IReadOnlyList<MemberOutcome>> DecideJoinRequestsAsync(Jid group, bool approve, IReadOnlyCollection<Jid> people, CancellationToken ct)
    {
        var answer = await QueryAsync(GroupStanzas.Decide(group, approve, people.Select(person => person.ToUser())), ct);
        _context.Groups.Forget(group);
        var decided = answer.Path("membership_requests_action", approve ? "approve" : "reject");
        return [.. (decided?.ChildrenOf("participant") ?? []).Where(p => p.JidOf("jid") is not null).Select(GroupParser.Outcome)];
    }

    private async Task SetDescriptionAsync(GroupInfo info, string? text, CancellationToken ct)
    {
        await QueryAsync(GroupStanzas.Description(info.Id, MessageIds.Random(), info.Description?.Id, text), ct);
        // Its author and time are the server's to tell.
        _context.Groups.Forget(info.Id);
    }

    private async Task SetAsync(Jid group, Node iq, Func<GroupInfo, GroupInfo> change, CancellationToken ct)
    {
        await QueryAsync(iq, ct);
        _context.Groups.Update(group, change);
    }

    private static string CodeOf(Node answer) => answer.Child("invite")?["code"] ?? throw new ProtocolException("an invite answer without a code");
}
