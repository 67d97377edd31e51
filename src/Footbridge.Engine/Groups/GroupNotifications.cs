using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Groups;

/// <summary>Notifications <c>w:gp2</c>: what happened in groups, as events, and what is known of the groups kept in step. Inside the loop.</summary>
internal sealed class GroupNotifications(AccountContext context) : IStanzaHandler
{
    public async ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        var notice = new Notice(
            stanza.RequiredJid("from").ToUser(), stanza.Required("id"), GroupParser.TimeOf(stanza, "t") ?? context.Time.GetUtcNow(),
            GroupParser.PersonOf(stanza, "participant", stanza.JidOf("participant")?.IsLid ?? false ? "participant_pn" : "participant_lid"));
        var batch = new StoreBatch();
        if (notice.By is { Phone: { } phone, Lid: { } lid }) await context.State.LearnPairAsync(phone, lid, PairSource.Group, batch, ct);
        if (JoinIn(stanza) is { } join)
        {
            foreach (var other in stanza.Children.Where(child => child != join)) await TakeAsync(other, notice, batch, ct);
            // What the account joined has to be asked for, outside the loop; the notification is acknowledged when the event is durable.
            await context.Commits.CommitAsync(batch, () => { }, ct);
            var told = join.Child("group") is { } group ? GroupParser.Parse(group) : null;
            context.Background.Start("telling of a group that was joined", stop => TellOfJoinAsync(stanza, told, notice, stop));
            return;
        }

        foreach (var child in stanza.Children) await TakeAsync(child, notice, batch, ct);
        await context.Commits.CommitAsync(batch, () => context.Link.Send(Acks.For(stanza)), ct);
    }

    private async ValueTask TakeAsync(Node change, Notice notice, StoreBatch batch, CancellationToken ct)
    {
        switch (change.Tag)
        {
            case "add" or "remove" or "promote" or "demote":
                await TakeMembersAsync(change, notice, batch, ct);
                break;
            case "delete":
                context.Groups.Forget(notice.Group);
                batch.Publish(new GroupLeft(notice.IdOf("left"), notice.Time, notice.Group, notice.By));
                break;
            case "created_membership_requests" or "revoked_membership_requests":
                TakeRequests(change, notice, batch);
                break;
            case "modify" or "change_number":
                context.Groups.Forget(notice.Group);
                break;
            case "link" or "unlink":
                if (GroupChangeParser.LinkOf(change) is { } link) Update(notice.IdOf($"{change.Tag}:{link.Other.User}"), change, new() { Link = link }, notice, batch);
                break;
            default:
                if (GroupChangeParser.Parse(change) is { } changes) Update(notice.IdOf(change.Tag), change, changes, notice, batch);
                // Something about the group is not as it was known.
                else context.Groups.Forget(notice.Group);
                break;
        }
    }

    private void Update(string id, Node change, GroupChanges changes, Notice notice, StoreBatch batch)
    {
        context.Groups.Update(notice.Group, known => GroupChangeParser.Apply(known, change, changes));
        batch.Publish(new GroupUpdated(id, notice.Time, notice.Group, changes, notice.By));
    }

    private async ValueTask TakeMembersAsync(Node change, Notice notice, StoreBatch batch, CancellationToken ct)
    {
        var members = GroupParser.Members(change);
        foreach (var person in members.Select(member => member.Person))
        {
            if (person is { Phone: { } phone, Lid: { } lid }) await context.State.LearnPairAsync(phone, lid, PairSource.Group, batch, ct);
        }

        var known = context.Groups.Find(notice.Group);
        members = [.. members.Select(member => member with { Role = GroupMembers.RoleAfter(change.Tag, member, known) })];
        context.Groups.Update(notice.Group, info => GroupMembers.Apply(info, change, members));
        if (change.Tag == "remove" && members.Any(member => IsMe(member.Person)))
        {
            context.Groups.Forget(notice.Group);
            batch.Publish(new GroupLeft(notice.IdOf("left"), notice.Time, notice.Group, notice.By));
            members = [.. members.Where(member => !IsMe(member.Person))];
        }

        if (members.Count == 0) return;
        var completed = new List<GroupMember>(members.Count);
        foreach (var member in members) completed.Add(member with { Person = await CompleteAsync(member.Person, ct) });
        batch.Publish(new GroupParticipantsChanged(notice.IdOf(change.Tag), notice.Time, notice.Group, GroupMembers.ChangeOf(change.Tag), completed, notice.By));
    }

    private static void TakeRequests(Node change, Notice notice, StoreBatch batch)
    {
        var isWithdrawn = change.Tag == "revoked_membership_requests";
        var people = change.Children.Where(child => child.JidOf("jid") is not null).Select(GroupParser.Person).ToList();
        if (people.Count == 0 && notice.By is { } asker) people.Add(asker);
        batch.Publish(new GroupJoinRequested(notice.IdOf(change.Tag), notice.Time, notice.Group, people, isWithdrawn));
    }

    /// <summary>The change by which the account itself came in, if this is one.</summary>
    private Node? JoinIn(Node stanza) =>
        stanza.Child("create") ?? stanza.ChildrenOf("add").FirstOrDefault(add => GroupParser.Members(add).Any(member => IsMe(member.Person)));

    /// <summary>When it fails, the notification stays unacknowledged and the server tells of it again at the next login.</summary>
    private async Task TellOfJoinAsync(Node stanza, GroupInfo? told, Notice notice, CancellationToken ct)
    {
        context.Groups.Forget(notice.Group);
        if (told is not null) await context.Groups.TakeAsync(told, ct);
        var info = told ?? await AskAsync(notice.Group, ct);
        await context.Loop.RunAsync(async stop =>
        {
            var batch = new StoreBatch();
            batch.Publish(new GroupJoined(notice.IdOf("joined"), notice.Time, notice.Group, info, notice.By));
            await context.Commits.CommitAsync(batch, () => context.Link.Send(Acks.For(stanza)), stop);
            return true;
        }, ct);
    }

    private async Task<GroupInfo?> AskAsync(Jid group, CancellationToken ct)
    {
        try
        {
            return await context.Groups.FetchAsync(group, ct);
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException)
        {
            context.Logger.LoginStepFailed("asking for a group that was joined", e.Message);
            return null;
        }
    }

    private async ValueTask<Party> CompleteAsync(Party person, CancellationToken ct) =>
        person is { Phone: not null, Lid: not null } ? person : MessageSource.PartyOf(person.Address, await context.State.TwinAsync(person.Address, ct));

    private bool IsMe(Party person)
    {
        var me = context.Link.Me;
        return person.Phone == me.Phone.ToUser() || (me.Lid is { } lid && person.Lid == lid.ToUser());
    }

    private sealed record Notice(Jid Group, string Id, DateTimeOffset Time, Party? By)
    {
        public string IdOf(string change) => $"group:{Group.User}:{Id}:{change}";
    }
}
