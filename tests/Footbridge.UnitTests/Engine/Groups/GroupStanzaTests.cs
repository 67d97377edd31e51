using Footbridge.Engine.Groups;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.UnitTests.Protocol.Xml;

namespace Footbridge.UnitTests.Engine.Groups;

/// <summary>Our queries are, element by element, what two independent clients send. Source: docs/protocol/groups.md.</summary>
public sealed class GroupStanzaTests
{
    private static readonly Jid Group = new("120363000000000001", JidServer.Group);
    private static readonly Jid Phone = new("5511900000001", JidServer.User);
    private static readonly Jid Lid = new("100000000000001", JidServer.Lid);

    public static TheoryData<string, string> Queries => new()
    {
        { nameof(GroupStanzas.Info), "get 120363000000000001@g.us <query request=interactive></>" },
        { nameof(GroupStanzas.List), "get g.us <participating><participants></><description></></>" },
        { nameof(GroupStanzas.Create), "set g.us <create key=K subject=Team><participant jid=100000000000001@lid phone_number=5511900000001@s.whatsapp.net><privacy>0102</></></>" },
        { nameof(GroupStanzas.Change), "set 120363000000000001@g.us <promote><participant jid=5511900000001@s.whatsapp.net></></>" },
        { nameof(GroupStanzas.Leave), "set g.us <leave><group id=120363000000000001@g.us></></>" },
        { nameof(GroupStanzas.Subject), "set 120363000000000001@g.us <subject>4E6577</>" },
        { nameof(GroupStanzas.Description), "set 120363000000000001@g.us <description id=N prev=O><body>48693F</></>" },
        { "Description deleted", "set 120363000000000001@g.us <description delete=true id=N prev=O></>" },
        { nameof(GroupStanzas.Setting), "set 120363000000000001@g.us <not_announcement></>" },
        { nameof(GroupStanzas.Ephemeral), "set 120363000000000001@g.us <ephemeral expiration=86400></>" },
        { "Ephemeral off", "set 120363000000000001@g.us <not_ephemeral></>" },
        { nameof(GroupStanzas.MemberAddMode), "set 120363000000000001@g.us <member_add_mode>61646D696E5F616464</>" },
        { nameof(GroupStanzas.ApprovalMode), "set 120363000000000001@g.us <membership_approval_mode><group_join state=on></></>" },
        { nameof(GroupStanzas.InviteCode), "get 120363000000000001@g.us <invite></>" },
        { nameof(GroupStanzas.RevokeInviteCode), "set 120363000000000001@g.us <invite></>" },
        { nameof(GroupStanzas.LookUp), "get g.us <invite code=CODE></>" },
        { nameof(GroupStanzas.Join), "set g.us <invite code=CODE></>" },
        { nameof(GroupStanzas.Accept), "set 120363000000000001@g.us <accept admin=5511900000001@s.whatsapp.net code=CODE expiration=1800000000></>" },
        { nameof(GroupStanzas.JoinRequests), "get 120363000000000001@g.us <membership_approval_requests></>" },
        { nameof(GroupStanzas.Decide), "set 120363000000000001@g.us <membership_requests_action><approve><participant jid=100000000000001@lid></></></>" },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public void A_query_is_written_as_other_clients_write_it(string query, string expected)
    {
        var iq = query switch
        {
            nameof(GroupStanzas.Info) => GroupStanzas.Info(Group),
            nameof(GroupStanzas.List) => GroupStanzas.List(),
            nameof(GroupStanzas.Create) => GroupStanzas.Create("Team", "K", [GroupStanzas.Member(Lid, Phone, [1, 2])]),
            nameof(GroupStanzas.Change) => GroupStanzas.Change(Group, "promote", [GroupStanzas.Member(Phone, null, null)]),
            nameof(GroupStanzas.Leave) => GroupStanzas.Leave(Group),
            nameof(GroupStanzas.Subject) => GroupStanzas.Subject(Group, "New"),
            nameof(GroupStanzas.Description) => GroupStanzas.Description(Group, "N", "O", "Hi?"),
            "Description deleted" => GroupStanzas.Description(Group, "N", "O", ""),
            nameof(GroupStanzas.Setting) => GroupStanzas.Setting(Group, "not_announcement"),
            nameof(GroupStanzas.Ephemeral) => GroupStanzas.Ephemeral(Group, 86_400),
            "Ephemeral off" => GroupStanzas.Ephemeral(Group, 0),
            nameof(GroupStanzas.MemberAddMode) => GroupStanzas.MemberAddMode(Group, false),
            nameof(GroupStanzas.ApprovalMode) => GroupStanzas.ApprovalMode(Group, true),
            nameof(GroupStanzas.InviteCode) => GroupStanzas.InviteCode(Group),
            nameof(GroupStanzas.RevokeInviteCode) => GroupStanzas.RevokeInviteCode(Group),
            nameof(GroupStanzas.LookUp) => GroupStanzas.LookUp("CODE"),
            nameof(GroupStanzas.Join) => GroupStanzas.Join("CODE"),
            nameof(GroupStanzas.Accept) => GroupStanzas.Accept(Group, "CODE", 1_800_000_000, Phone),
            nameof(GroupStanzas.JoinRequests) => GroupStanzas.JoinRequests(Group),
            nameof(GroupStanzas.Decide) => GroupStanzas.Decide(Group, true, [Lid]),
            _ => throw new ArgumentOutOfRangeException(nameof(query)),
        };
        Assert.Equal(("iq", "w:g2"), (iq.Tag, iq["xmlns"]));
        Assert.Equal(expected, $"{iq["type"]} {iq["to"]} {string.Concat(iq.Children.Select(NodeText.Of))}");
    }

    [Fact]
    public void A_message_has_the_keys_first_and_the_media_type_on_the_shared_part()
    {
        var message = new OutgoingMessage("ID", Group, new Message { ImageMessage = new() });
        var keyed = new KeyedMessage([9], [GroupStanzas.KeyFor(Lid.WithDevice(3), new("pkmsg", [7]))], NeedsIdentity: true);
        var stanza = GroupStanzas.Message(message, MessageTraits.Of(message.Content), keyed, "2:hash", "lid", MessageStanzas.Tail(MessageTraits.Of(message.Content), [5]));
        Assert.Equal(
            "<message addressing_mode=lid id=ID phash=2:hash to=120363000000000001@g.us type=media>"
            + "<participants><to jid=100000000000001:3@lid><enc type=pkmsg v=2>07</></></><enc mediatype=image type=skmsg v=2>09</><device-identity>05</></>",
            NodeText.Of(stanza));
    }

    [Fact]
    public void A_menu_and_a_poll_to_a_group_say_what_they_are_as_they_do_to_one_person()
    {
        Node[] tails =
        [
            .. new[] { new Message { ListMessage = new() }, new Message { PollCreationMessage = new() } }.Select(content =>
            {
                var traits = MessageTraits.Of(content);
                return GroupStanzas.Message(new OutgoingMessage("ID", Group, content), traits, new([9], [], NeedsIdentity: false), "2:hash", "lid", MessageStanzas.Tail(traits, null)).Children[^1];
            }),
        ];
        Assert.Equal(["<biz><list type=product_list v=2></></>", "<meta polltype=creation></>"], tails.Select(NodeText.Of));
    }

    [Theory]
    [InlineData(401, MemberError.Blocked)]
    [InlineData(403, MemberError.NotAllowedByPerson)]
    [InlineData(404, MemberError.NotFound)]
    [InlineData(408, MemberError.LeftRecently)]
    [InlineData(409, MemberError.AlreadyMember)]
    [InlineData(500, MemberError.Other)]
    public void An_outcome_says_why_a_person_was_not_added(int code, MemberError error)
    {
        var outcome = GroupParser.Outcome(Node.Of("participant", [("jid", Lid), ("phone_number", Phone), ("error", code)],
            code == 403 ? Node.Of("add_request", [("code", "C"), ("expiration", 1_800_000_000)]) : null));
        Assert.Equal((error, code, Phone, Lid), (outcome.Error, outcome.Code, outcome.Person.Phone, outcome.Person.Lid));
        Assert.Equal(code == 403 ? new GroupInvitation("C", DateTimeOffset.FromUnixTimeSeconds(1_800_000_000)) : null, outcome.Invitation);
    }

    [Fact]
    public void A_change_of_members_that_does_not_start_from_the_known_version_drops_what_is_known()
    {
        var known = GroupParser.Parse(Node.Of("group", [("id", Group.User), ("p_v_id", "5")], Node.Of("participant", [("jid", Lid), ("type", "admin")])));
        var change = Node.Of("add", [("prev_v_id", "5"), ("v_id", "6")], Node.Of("participant", [("jid", Phone)]));
        var changed = GroupMembers.Apply(known, change, GroupParser.Members(change));
        Assert.Equal((2, "6"), (changed!.Members.Count, changed.MembersVersion));
        Assert.Null(GroupMembers.Apply(known, change.With("prev_v_id", "4"), GroupParser.Members(change)));
    }
}
