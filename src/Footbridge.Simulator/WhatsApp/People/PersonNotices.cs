using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp.People;

/// <summary>What the server tells devices of a person: devices added and removed, a new number, a new phone, a picture, an about text.</summary>
internal sealed class PersonNotices(State.Directory directory, TimeProvider time)
{
    /// <summary>Whether everybody is told, whoever knows the person.</summary>
    public bool IsEverybodyAcquainted { get; init; } = true;

    /// <summary>A device of an account has come or gone.</summary>
    public void TellDevice(SimAccount account, SimDevice device, bool isAdded)
    {
        var change = Node.Of(isAdded ? "add" : "remove",
            [("device_hash", HashOf(account, account.Phone)), ("device_lid_hash", HashOf(account, account.Lid))],
            Node.Of("device", [("jid", device.Phone), ("lid", device.Lid), ("key-index", device.KeyIndex)]));
        ToOthers(account, Notice("devices", account.Phone, change).With("lid", account.Lid));
        var list = Node.Of("devices", [("dhash", HashOf(account, account.Phone))], [.. account.Devices.Select(d => Node.Of("device", [("jid", d.Phone), ("key-index", d.Number == 0 ? null : (long?)d.KeyIndex)]))]);
        foreach (var own in account.Devices.Where(d => d.Number > 0 && d != device)) own.Push(Notice("account_sync", account.Phone, list));
    }

    /// <summary>A person has installed WhatsApp anew: everybody is told that its keys are others now.</summary>
    public void TellIdentity(SimAccount account) => ToOthers(account, Notice("encrypt", account.Phone, Node.Of("identity")));

    public void TellPicture(SimAccount account, string? id) =>
        ToOthers(account, Notice("picture", account.Phone, id is null ? Node.Of("delete", [("jid", account.Phone)]) : Node.Of("set", [("jid", account.Phone), ("id", id), ("author", account.Phone)])));

    public void TellAbout(SimAccount account) => ToOthers(account, Notice("status", account.Phone, Node.OfText("set", account.Profile.About)));

    public void TellNumber(SimAccount account, Jid former) =>
        ToOthers(account, Notice("contacts", account.Phone, Node.Of("modify", [("old", former), ("new", account.Phone), ("old_lid", account.Lid), ("new_lid", account.Lid)])));

    /// <summary>A change of the blocklist that was made on one device, for the account's others.</summary>
    public void TellBlocklist(SimDevice maker, string formerHash, Jid lid, bool isBlocked)
    {
        var account = maker.Account;
        var change = Node.Of("blocklist", [("action", "modify"), ("dhash", account.Profile.BlocklistHash), ("prev_dhash", formerHash)],
            Node.Of("item", [("action", isBlocked ? "block" : "unblock"), ("jid", lid), ("pn_jid", directory.Find(lid)?.Phone)]));
        foreach (var other in account.Devices.Where(d => d != maker && d.Number > 0)) other.Push(Notice("account_sync", account.Phone, change));
    }

    private static string HashOf(SimAccount account, Jid address) => ParticipantHash.Of(account.Devices.Select(d => address.WithDevice(d.Number)));

    private Node Notice(string type, Jid from, Node child) => Node.Of("notification",
        [("id", Guid.NewGuid().ToString("N")), ("from", from), ("type", type), ("t", time.GetUtcNow().ToUnixTimeSeconds())], child);

    private void ToOthers(SimAccount account, Node notice)
    {
        if (!IsEverybodyAcquainted) return;
        foreach (var device in directory.All.Where(a => a != account).SelectMany(a => a.Devices.Where(d => d.Number > 0))) device.Push(notice);
    }
}
