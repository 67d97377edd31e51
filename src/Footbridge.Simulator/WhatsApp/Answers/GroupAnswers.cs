using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp.Answers;

/// <summary>Namespace <c>w:g2</c>: groups, asked for and changed.</summary>
internal sealed class GroupAnswers(GroupDesk desk, TimeProvider time)
{
    public Node Answer(SimDevice device, Node iq)
    {
        try
        {
            var content = iq.Children.Count == 0 ? null : iq.Children[0];
            if (content is null || iq.JidOf("to") is not { } to) throw new GroupRefusal(400, "bad-request");
            var children = to.IsGroup ? OnGroup(device.Account, desk.Book.Find(to) ?? throw NotFound(), iq["type"] == "set", content) : OnService(device.Account, iq["type"] == "set", content);
            return Node.Of("iq", [("id", iq["id"]), ("type", "result"), ("from", to)], children);
        }
        catch (GroupRefusal e)
        {
            return IqAnswers.Error(iq, e.Code, e.Message);
        }
    }

    private Node[] OnService(SimAccount me, bool isSet, Node content)
    {
        switch (content.Tag, isSet)
        {
            case ("participating", false):
                return [Node.Of("groups", [.. desk.Book.Of(me).Select(group => group.Describe())])];
            case ("create", true):
                return [desk.Create(me, content["subject"] ?? "", Invited(content), content["key"]).Describe()];
            case ("leave", true):
                var left = content.ChildrenOf("group").Select(g => desk.Book.Find(GroupJid(g["id"])) ?? throw NotFound()).ToList();
                foreach (var group in left) desk.Leave(me, group);
                return [Node.Of("leave", [.. left.Select(group => Node.Of("group", [("id", group.Jid)]))])];
            case ("invite", false):
                return [ByCode(content["code"]).Describe()];
            case ("invite", true):
                var found = ByCode(content["code"]);
                return desk.Join(me, found) ? [Node.Of("group", [("jid", found.Jid)])] : [Node.Of("membership_approval_request", [("jid", found.Jid)])];
            default:
                throw new GroupRefusal(501, "feature-not-implemented");
        }
    }

    private Node[] OnGroup(SimAccount me, SimGroup group, bool isSet, Node content) => isSet ? Change(me, group, content) : Ask(me, group, content);

    private Node[] Ask(SimAccount me, SimGroup group, Node content)
    {
        if (content.Child("add_request") is not null) return [group.Describe()];
        GroupDesk.RequireMember(me, group);
        switch (content.Tag)
        {
            case "query":
                return [group.Describe()];
            case "invite":
                GroupDesk.RequireAdmin(me, group);
                return [Node.Of("invite", [("code", group.InviteCode)])];
            case "membership_approval_requests":
                GroupDesk.RequireAdmin(me, group);
                return [Node.Of("membership_approval_requests", [.. group.Requests.Select(account => Node.Of("membership_approval_request",
                    [("jid", group.AddressOf(account)), ("phone_number", group.IsLidAddressed ? account.Phone : (Jid?)null), ("request_method", "invite_link"), ("request_time", Now)]))])];
            default:
                throw new GroupRefusal(501, "feature-not-implemented");
        }
    }

    private Node[] Change(SimAccount me, SimGroup group, Node content)
    {
        switch (content.Tag)
        {
            case "add":
                return [Node.Of("add", [.. desk.Add(me, group, Invited(content))])];
            case "remove":
                return [Node.Of("remove", [.. desk.Remove(me, group, People(content))])];
            case "promote":
                return [Node.Of("promote", [.. desk.Promote(me, group, People(content))])];
            case "demote":
                return [Node.Of("demote", [.. desk.Demote(me, group, People(content))])];
            case "invite":
                GroupDesk.RequireAdmin(me, group);
                group.RenewInviteCode();
                desk.Set(me, group, true, _ => { }, Node.Of("invite", [("code", group.InviteCode)]));
                return [Node.Of("invite", [("code", group.InviteCode)])];
            case "accept":
                desk.Accept(me, group, content["code"] ?? "");
                return [];
            case "membership_requests_action":
                var decision = content.Children.Count > 0 ? content.Children[0] : throw new GroupRefusal(400, "bad-request");
                return [Node.Of("membership_requests_action", Node.Of(decision.Tag, [.. desk.Decide(me, group, decision.Tag == "approve", People(decision))]))];
            default:
                SetSetting(me, group, content);
                return [];
        }
    }

    private void SetSetting(SimAccount me, SimGroup group, Node content)
    {
        switch (content.Tag)
        {
            case "subject":
                var subject = content.ContentText is { Length: > 0 and <= 100 } text ? text : throw new GroupRefusal(406, "not-acceptable");
                desk.Set(me, group, group.IsLocked, g => g.Subject = subject, Node.Of("subject", [("subject", subject), ("s_t", Now), ("s_o", group.AddressOf(me))]));
                break;
            case "description":
                Describe(me, group, content);
                break;
            case "announcement" or "not_announcement":
                desk.Set(me, group, true, g => g.IsAnnounce = content.Tag == "announcement", Node.Of(content.Tag));
                break;
            case "locked" or "unlocked":
                desk.Set(me, group, true, g => g.IsLocked = content.Tag == "locked", Node.Of(content.Tag));
                break;
            case "ephemeral" or "not_ephemeral":
                var seconds = content.LongOf("expiration") ?? 0;
                desk.Set(me, group, group.IsLocked, g => g.EphemeralSeconds = seconds, Node.Of(content.Tag, [("expiration", content["expiration"])]));
                break;
            case "member_add_mode":
                desk.Set(me, group, true, g => g.MembersCanAdd = content.ContentText == "all_member_add", Node.OfText("member_add_mode", content.ContentText ?? ""));
                break;
            case "membership_approval_mode":
                desk.Set(me, group, true, g => g.NeedsApproval = content.Child("group_join")?["state"] == "on", Node.Of("membership_approval_mode", content.Child("group_join")));
                break;
            default:
                throw new GroupRefusal(501, "feature-not-implemented");
        }
    }

    private void Describe(SimAccount me, SimGroup group, Node content)
    {
        if (content["prev"] != group.Description?.Id) throw new GroupRefusal(409, "conflict");
        var id = content["id"] ?? throw new GroupRefusal(400, "bad-request");
        if (content["delete"] == "true")
        {
            desk.Set(me, group, group.IsLocked, g => g.Description = null, Node.Of("description", [("id", id), ("delete", "true")]));
            return;
        }

        var text = content.Child("body")?.ContentText ?? throw new GroupRefusal(400, "bad-request");
        desk.Set(me, group, group.IsLocked, g => g.Description = (id, text, me, Now), Node.Of("description", [("id", id), ("t", Now), ("participant", group.AddressOf(me))], Node.OfText("body", text)));
    }

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private SimGroup ByCode(string? code) => desk.Book.FindByCode(code ?? "") ?? throw new GroupRefusal(406, "not-acceptable");

    private static List<(Jid Person, byte[]? Token)> Invited(Node content) =>
        [.. content.ChildrenOf("participant").Where(p => p.JidOf("jid") is not null).Select(p => (p.JidOf("jid")!.Value, p.Child("privacy")?.ContentBytes))];

    private static List<Jid> People(Node content) => [.. content.ChildrenOf("participant").Select(p => p.JidOf("jid")).OfType<Jid>()];

    private static Jid GroupJid(string? id) => id is null ? Jid.GroupService : id.Contains('@', StringComparison.Ordinal) ? Jid.Parse(id) : new(id, JidServer.Group);

    private static GroupRefusal NotFound() => new(404, "item-not-found");
}
