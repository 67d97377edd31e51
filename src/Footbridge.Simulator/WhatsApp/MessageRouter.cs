using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp;

/// <summary>Carries messages and receipts from one device to others, as WhatsApp's server does.</summary>
internal sealed class MessageRouter(State.Directory directory, GroupBook groups, ChannelDesk channels, ServerRules rules, TimeProvider time)
{
    private readonly GroupRouter _groups = new(directory, groups, time);

    /// <summary>A message from a device: its ack, after everybody it is for has it or has it waiting.</summary>
    public Node Submit(SimDevice sender, Node message)
    {
        var id = message["id"] ?? "";
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var to = message.JidOf("to") ?? sender.Account.Phone;
        if (rules.Refuses?.Invoke(sender.Phone, message) is { } error) return Node.Of("ack", [("class", "message"), ("id", id), ("from", to), ("t", now), ("error", error)]);
        if (to.Server == JidServer.Newsletter) return channels.Submit(sender, message);
        if (!to.IsUser) return _groups.Submit(sender, message);
        // Two forms of sending to one device again: the newer clients' single enc, and baileys 6's list of one.
        var isAgain = message.Child("enc") is not null || message["device_fanout"] == "false";
        if (isAgain || sender.IsFirst(id)) FanOut(sender, message, to, now);
        return Node.Of("ack", [("class", "message"), ("id", id), ("from", to), ("t", now)]);
    }

    /// <summary>A receipt from a device, passed on to whom it concerns.</summary>
    public void SubmitReceipt(SimDevice sender, Node receipt)
    {
        var type = receipt["type"];
        var ids = receipt.Child("list")?.ChildrenOf("item").Select(item => item["id"]).Append(receipt["id"]) ?? [receipt["id"]];
        foreach (var id in ids) sender.Confirm("message", id, null);
        if (receipt.JidOf("to") is not { } to || type is "sender" or "peer_msg" or "hist_sync" or "read-self") return;
        if (to.Server == JidServer.Newsletter)
        {
            channels.SubmitReceipt(sender, receipt);
            return;
        }

        if (!to.IsUser)
        {
            if (to.User.Length > 0) _groups.SubmitReceipt(sender, receipt);
            return;
        }

        if (directory.Find(to) is not { } account) return;
        var from = to.IsLid ? sender.Lid : sender.Phone;
        var isRetry = type is "retry" or "enc_rekey_retry";
        // A file is asked for by one device, and of the phone alone.
        var isForPhone = type == "server-error";
        var passed = Node.Of("receipt", [
            ("id", receipt["id"]), ("from", isRetry || isForPhone ? from : from.ToUser()), ("t", time.GetUtcNow().ToUnixTimeSeconds()), ("type", type is "inactive" ? null : type)],
            [.. receipt.Children]);
        foreach (var device in account.Devices.Where(d => isForPhone ? d.Number == 0 : !isRetry || d.Number == to.Device)) device.Push(passed);
    }

    private void FanOut(SimDevice sender, Node message, Jid to, long now)
    {
        if (message.Child("enc") is { } single)
        {
            if (directory.FindDevice(to) is { } target) target.Push(Envelope(sender, target, message, single, now));
            return;
        }

        foreach (var part in message.Child("participants")?.ChildrenOf("to") ?? [])
        {
            if (part.JidOf("jid") is { } jid && directory.FindDevice(jid) is { } target && (part.Child("enc") ?? part.Child("unavailable")) is { } enc)
            {
                target.Push(Envelope(sender, target, message, enc, now));
            }
        }
    }

    private Node Envelope(SimDevice sender, SimDevice target, Node message, Node enc, long now)
    {
        var to = message.JidOf("to") ?? target.Account.Phone;
        var isOwn = target.Account == sender.Account;
        var from = to.IsLid ? sender.Lid : sender.Phone;
        return Node.Of("message",
            [
                ("from", from), ("id", message["id"]), ("t", now), ("type", message["type"] ?? "text"), ("notify", sender.Account.PushName),
                ("recipient", isOwn && !to.IsSameUser(from) ? to.ToUser() : (Jid?)null),
                ("peer_recipient_pn", isOwn && to.IsLid ? directory.Find(to)?.Phone : null),
                ("peer_recipient_lid", isOwn && to.IsPhone ? directory.Find(to)?.Lid : null),
                ("sender_pn", !isOwn && from.IsLid && !sender.Account.ShowsOneAddress ? sender.Account.Phone : (Jid?)null),
                ("sender_lid", !isOwn && from.IsPhone && !sender.Account.ShowsOneAddress ? sender.Account.Lid : (Jid?)null),
                ("category", message["category"]),
            ],
            enc,
            enc["type"] == "pkmsg" ? message.Child("device-identity") : null);
    }
}
