using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.People;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp.Answers;

/// <summary>Pictures, about texts, blocklists, privacy and business profiles.</summary>
internal sealed class PeopleAnswers(State.Directory directory, PeopleDesk desk, TimeProvider time)
{
    public Node[]? Picture(SimDevice device, Node iq, out (int Code, string Text)? refused)
    {
        refused = null;
        var target = iq.JidOf("target")?.ToUser() ?? device.Account.Phone;
        var account = directory.Find(target);
        var owner = account?.Phone ?? target;
        if (iq["type"] == "set") return SetPicture(device, owner, iq.Child("picture")?.ContentBytes);
        if (account is { Profile.HidesItself: true } && account != device.Account) refused = (401, "not-authorized");
        else if (desk.Pictures.IdOf(owner) is not { } id) refused = (404, "item-not-found");
        else return [Node.Of("picture", [("id", id), ("type", iq.Child("picture")?["type"]), ("url", new Uri(desk.PicturesUrl, id).ToString()), ("direct_path", "/pictures/" + id)])];
        return null;
    }

    public Node[] About(SimDevice device, Node iq)
    {
        if (iq.Child("status")?.ContentText is not { } text) return [];
        (device.Account.Profile.About, device.Account.Profile.AboutSetAt) = (text, time.GetUtcNow().ToUnixTimeSeconds());
        desk.Notices.TellAbout(device.Account);
        return [];
    }

    public Node[]? Blocklist(SimDevice device, Node iq)
    {
        var profile = device.Account.Profile;
        if (iq["type"] != "set")
        {
            return [Node.Of("list", [("dhash", profile.BlocklistHash)], [.. profile.Blocked.Select(lid => Node.Of("item", [("jid", lid), ("pn_jid", directory.Find(lid)?.Phone)]))])];
        }

        // Older clients name the number alone; who names the LID must name the number beside it.
        if (iq.Child("item") is not { } item || item.JidOf("jid") is not { } jid || directory.Find(jid) is not { } other) return null;
        var (isBlocked, former) = (item["action"] == "block", profile.BlocklistHash);
        if (isBlocked && jid.IsLid && item.JidOf("pn_jid") != other.Phone) return null;
        profile.SetBlocked(other.Lid, isBlocked);
        desk.Notices.TellBlocklist(device, former, other.Lid, isBlocked);
        return [Node.Of("list", [("dhash", profile.BlocklistHash), ("matched", "true")])];
    }

    public static Node[] Privacy(SimDevice device, Node iq, ServerRules rules)
    {
        var profile = device.Account.Profile;
        foreach (var category in iq["type"] == "set" ? iq.Child("privacy")?.ChildrenOf("category") ?? [] : [])
        {
            if (category["name"] is { } name && category["value"] is { } value) profile.SetPrivacy(name, value);
        }

        return [Node.Of("privacy", [.. profile.Privacy.Select(p => Node.Of("category",
            [("name", p.Key), ("value", p.Key == "readreceipts" && rules.ReadReceipts != "all" ? rules.ReadReceipts : p.Value)]))])];
    }

    public static Node[] Disappearing(SimDevice device, Node iq)
    {
        if (iq.Child("disappearing_mode")?.LongOf("duration") is { } seconds) device.Account.Profile.DisappearingSeconds = seconds;
        return [];
    }

    public Node[] Business(Node iq)
    {
        var asked = iq.Child("business_profile")?.Child("profile")?.JidOf("jid");
        var name = asked is { } jid ? directory.Find(jid)?.Profile.VerifiedName : null;
        return [Node.Of("business_profile", name is null ? null : Node.Of("profile", [("jid", asked)],
            Node.OfText("description", name), Node.Of("categories", Node.OfText("category", [("id", "1")], "Shop"))))];
    }

    private Node[]? SetPicture(SimDevice device, Jid owner, byte[]? jpeg)
    {
        if (owner.IsUser && owner != device.Account.Phone) return null;
        if (jpeg is null) desk.Pictures.Remove(owner);
        var id = jpeg is null ? null : desk.Pictures.Set(owner, jpeg);
        if (owner.IsUser) desk.Notices.TellPicture(device.Account, id);
        return id is null ? [] : [Node.Of("picture", [("id", id)])];
    }
}
