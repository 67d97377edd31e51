using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp;

/// <summary>Carries messages and receipts of groups and of the status feed.</summary>
internal sealed class GroupRouter(State.Directory directory, GroupBook book, TimeProvider time)
{
    private const int HashLength = 10;

    /// <summary>A message to a group, a list or <c>status@broadcast</c>: its ack, after everybody has it or has it waiting.</summary>
    public Node Submit(SimDevice sender, Node message)
    {
        var to = message.RequiredJid("to");
        var group = book.Find(to);
        if (message.JidOf("participant") is { } asker)
        {
            // Baileys 6 puts the sender key for the one who asked into a list of one, beside the message.
            if (directory.FindDevice(asker) is { } target) target.Push(Envelope(sender, target, group, message, PartsByDevice(message).GetValueOrDefault(target)));
            return Ack(message, null, null);
        }

        if (to.Server != JidServer.Broadcast && Refuse(sender, group, message) is { } code) return Ack(message, code, null);
        if (sender.IsFirst(message["id"] ?? "")) FanOut(sender, group, message);
        return Ack(message, null, group is not null && message["phash"] is { Length: HashLength } theirs && group.Hash() is var ours && ours != theirs ? ours : null);
    }

    /// <summary>A receipt for a message of a group, passed on to the message's author.</summary>
    public void SubmitReceipt(SimDevice sender, Node receipt)
    {
        var to = receipt.RequiredJid("to");
        if (receipt.JidOf("participant") is not { } author || directory.Find(author) is not { } account) return;
        var isRetry = receipt["type"] is "retry" or "enc_rekey_retry";
        var device = book.Find(to) is { } group ? group.AddressOf(sender.Account).WithDevice(sender.Number) : author.IsLid ? sender.Lid : sender.Phone;
        var from = isRetry ? device : device.ToUser();
        var passed = Node.Of("receipt",
            [
                ("id", receipt["id"]), ("from", to), ("participant", from), ("t", time.GetUtcNow().ToUnixTimeSeconds()), ("type", receipt["type"] is "inactive" ? null : receipt["type"]),
            ],
            [.. receipt.Children]);
        foreach (var target in account.Devices.Where(d => !isRetry || d.Number == author.Device)) target.Push(passed, from.ToString());
    }

    private static int? Refuse(SimDevice sender, SimGroup? group, Node message)
    {
        if (group is null) return 404;
        if (group.RoleOf(sender.Account) is null) return 403;
        if (group.IsAnnounce && !group.IsAdmin(sender.Account)) return 403;
        return message["addressing_mode"] is { } mode && mode == "lid" != group.IsLidAddressed ? 421 : null;
    }

    private void FanOut(SimDevice sender, SimGroup? group, Node message)
    {
        var parts = PartsByDevice(message);
        // The server knows a group's members; who is to see a story or is on a list only the sender says.
        var targets = group is null ? parts.Keys : group.Members.SelectMany(m => m.Account.Devices);
        foreach (var target in targets.Where(target => target != sender).ToList()) target.Push(Envelope(sender, target, group, message, parts.GetValueOrDefault(target)));
    }

    /// <summary>What a message holds for each device alone.</summary>
    private Dictionary<SimDevice, Node?> PartsByDevice(Node message) =>
        (message.Child("participants")?.ChildrenOf("to") ?? []).Where(part => part.JidOf("jid") is not null)
            .GroupBy(part => directory.FindDevice(part.JidOf("jid")!.Value)).Where(part => part.Key is not null).ToDictionary(part => part.Key!, part => part.First().Child("enc"));

    private Node Envelope(SimDevice sender, SimDevice target, SimGroup? group, Node message, Node? part)
    {
        var byLid = group?.IsLidAddressed ?? true;
        Node?[] own = [part];
        List<Node> encrypted = [.. own.OfType<Node>(), .. message.ChildrenOf("enc")];
        return Node.Of("message",
            [
                ("from", message.JidOf("to")), ("participant", byLid ? sender.Lid : sender.Phone), ("id", message["id"]), ("t", time.GetUtcNow().ToUnixTimeSeconds()), ("type", message["type"] ?? "text"),
                ("participant_pn", byLid && !sender.Account.ShowsOneAddress ? sender.Account.Phone : (Jid?)null), ("participant_lid", byLid || sender.Account.ShowsOneAddress ? (Jid?)null : sender.Account.Lid),
                ("addressing_mode", group is null ? null : byLid ? "lid" : "pn"), ("notify", sender.Account.PushName), ("edit", message["edit"]),
            ],
            [.. encrypted, encrypted.Any(enc => enc["type"] == "pkmsg") ? message.Child("device-identity") : null]);
    }

    private Node Ack(Node message, int? error, string? hash) => Node.Of("ack",
        [("class", "message"), ("id", message["id"]), ("from", message.JidOf("to")), ("t", time.GetUtcNow().ToUnixTimeSeconds()), ("error", error), ("phash", hash)]);
}
