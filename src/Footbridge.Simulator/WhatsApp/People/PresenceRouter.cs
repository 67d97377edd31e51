using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp.People;

/// <summary>Who is online, who wants to know, and who is writing to whom. Nothing of it waits for a device that is away.</summary>
internal sealed class PresenceRouter(State.Directory directory, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly HashSet<SimDevice> _online = [];
    private readonly Dictionary<SimAccount, long> _lastSeen = [];
    private readonly HashSet<(SimDevice Subscriber, Jid Address)> _subscriptions = [];

    public bool IsOnline(SimAccount account)
    {
        lock (_gate) return _online.Any(device => device.Account == account);
    }

    public void Submit(SimDevice device, Node presence)
    {
        if (presence["name"] is { Length: > 0 } name) device.Account.PushName = name;
        switch (presence["type"])
        {
            case "available" or null:
                Change(device, isOnline: true);
                break;
            case "unavailable":
                Change(device, isOnline: false);
                break;
            case "subscribe" when presence.JidOf("to") is { } to && directory.Find(to) is { } account:
                lock (_gate) _subscriptions.Add((device, to.ToUser()));
                if (Describe(account, to.ToUser()) is { } known) device.SendNow(known);
                break;
        }
    }

    /// <summary>A device's connection is gone: its subscriptions end, and it is offline.</summary>
    public void Leave(SimDevice device)
    {
        lock (_gate) _subscriptions.RemoveWhere(s => s.Subscriber == device);
        Change(device, isOnline: false);
    }

    /// <summary>Typing and its end, passed on to devices of the other side that are online; the phone always is.</summary>
    public void SubmitChatState(SimDevice sender, Node state)
    {
        if (state.JidOf("to") is not { } to || directory.Find(to) is not { } account) return;
        var passed = Node.Of("chatstate", [("from", to.IsLid ? sender.Account.Lid : sender.Account.Phone)], [.. state.Children]);
        foreach (var device in account.Devices.Where(d => d.Number == 0 || Has(d))) device.SendNow(passed);
    }

    private bool Has(SimDevice device)
    {
        lock (_gate) return _online.Contains(device);
    }

    private void Change(SimDevice device, bool isOnline)
    {
        List<(SimDevice Subscriber, Node Told)> told;
        lock (_gate)
        {
            if (isOnline ? !_online.Add(device) : !_online.Remove(device)) return;
            _lastSeen[device.Account] = time.GetUtcNow().ToUnixTimeSeconds();
            told = [.. _subscriptions.Where(s => directory.Find(s.Address) == device.Account).Select(s => (s.Subscriber, Describe(device.Account, s.Address)!))];
        }

        foreach (var (subscriber, node) in told) subscriber.SendNow(node);
    }

    private Node? Describe(SimAccount account, Jid address)
    {
        lock (_gate)
        {
            if (_online.Any(d => d.Account == account)) return Node.Of("presence", [("from", address)]);
            return _lastSeen.TryGetValue(account, out var last) ? Node.Of("presence", [("from", address), ("type", "unavailable"), ("last", last)]) : null;
        }
    }
}
