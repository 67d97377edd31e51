using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp.Phone;

/// <summary>What a person does with groups on the phone.</summary>
internal sealed class PhoneGroups(SimAccount account, State.Directory directory, GroupDesk desk, Func<Jid, Message, Func<PhoneSenderKeys, string, Node>, string> send)
{
    /// <summary>Makes a group; members by phone digits.</summary>
    public Jid Create(string subject, params string[] members) => desk.Create(account, subject, [.. members.Select(digits => (Number(digits), (byte[]?)null))]).Jid;

    /// <summary>Makes a community; gives it and the group for its announcements.</summary>
    public (Jid Community, Jid Announcements) CreateCommunity(string subject, params string[] members) =>
        desk.CreateCommunity(account, subject, [.. members.Select(Number)]) is var (community, announcements) ? (community.Jid, announcements.Jid) : default;

    public void Link(Jid community, Jid group) => desk.SetLinked(account, Find(community), Find(group), true);

    public void Unlink(Jid community, Jid group) => desk.SetLinked(account, Find(community), Find(group), false);

    public string SendText(Jid group, string text) => Send(group, new() { ExtendedTextMessage = new() { Text = text } });

    /// <summary>Sends any message to a group; returns its id.</summary>
    public string Send(Jid group, Message message)
    {
        var found = Find(group);
        return send(group, message, (keys, id) => keys.Seal(
            group, found.AddressOf, Devices(found.Members.Select(m => m.Account)),
            Node.Of("message", [("id", id), ("to", group), ("type", "text"), ("addressing_mode", found.IsLidAddressed ? "lid" : "pn"), ("phash", found.Hash())]), message));
    }

    /// <summary>Posts a story for people by phone digits.</summary>
    public string SendStatus(Message message, params string[] viewers) => SendToList(Jid.Status, message, viewers);

    /// <summary>Writes to a broadcast list of people by phone digits.</summary>
    public string SendToList(Jid list, Message message, params string[] people) => send(list, message, (keys, id) => keys.Seal(
        list, person => person.Lid, Devices(people.Select(digits => directory.Find(Number(digits))!).Append(account)),
        Node.Of("message", [("id", id), ("to", list), ("type", "text")]), message));

    public void Add(Jid group, string digits) => desk.Add(account, Find(group), [(Number(digits), null)]);

    public void Remove(Jid group, string digits) => desk.Remove(account, Find(group), [Number(digits)]);

    public void Promote(Jid group, string digits) => desk.Promote(account, Find(group), [Number(digits)]);

    public void Demote(Jid group, string digits) => desk.Demote(account, Find(group), [Number(digits)]);

    public void Leave(Jid group) => desk.Leave(account, Find(group));

    /// <summary>Joins by a link's code; false when an admin has to approve first.</summary>
    public bool Join(string code) => desk.Join(account, desk.Book.FindByCode(code) ?? throw new ArgumentException("no group has this code"));

    public void Rename(Jid group, string subject) =>
        desk.Set(account, Find(group), adminsOnly: false, g => g.Subject = subject, Node.Of("subject", [("subject", subject)]));

    private SimGroup Find(Jid group) => desk.Book.Find(group) ?? throw new ArgumentException("there is no such group");

    private static List<SimDevice> Devices(IEnumerable<SimAccount> people) => [.. people.SelectMany(person => person.Devices)];

    private static Jid Number(string digits) => new(digits, JidServer.User);
}
