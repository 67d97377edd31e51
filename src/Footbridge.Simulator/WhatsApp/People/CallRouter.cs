using System.Security.Cryptography;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp.People;

/// <summary>The signalling of calls between phones and devices; nothing is heard or seen.</summary>
internal sealed class CallRouter(State.Directory directory, TimeProvider time)
{
    /// <summary>Rings all devices of a person; returns the call's id.</summary>
    public string Offer(SimAccount caller, SimAccount called, bool isVideo)
    {
        var callId = RandomNumberGenerator.GetHexString(32);
        var offer = Node.Of("offer", [("call-id", callId), ("call-creator", caller.Lid), ("caller_pn", caller.Phone)],
            Node.Of("audio", [("enc", "opus"), ("rate", 16000)]),
            isVideo ? Node.Of("video", [("enc", "h264")]) : null);
        Send(caller, called, offer, caller.PushName);
        return callId;
    }

    /// <param name="step"><c>accept</c>, <c>terminate</c>, …</param>
    public void Follow(SimAccount caller, SimAccount called, string callId, string step, string? reason = null) =>
        Send(caller, called, Node.Of(step, [("call-id", callId), ("call-creator", caller.Lid), ("reason", reason)]), null);

    /// <summary>A step a device takes, passed on to the caller's phone; returns its ack.</summary>
    public Node Submit(SimDevice device, Node call)
    {
        var step = call.Children.Count == 0 ? null : call.Children[0];
        if (call.JidOf("to") is { } to && step is not null && directory.Find(to) is { } account)
        {
            account.Device(0)!.Push(Node.Of("call", [("from", to.IsLid ? device.Lid : device.Phone), ("id", call["id"]), ("t", time.GetUtcNow().ToUnixTimeSeconds())], step));
        }

        return Node.Of("ack", [("class", "call"), ("id", call["id"]), ("from", call["to"]), ("type", step?.Tag)]);
    }

    private void Send(SimAccount caller, SimAccount called, Node step, string? notify)
    {
        var call = Node.Of("call", [
            ("from", caller.Lid), ("id", RandomNumberGenerator.GetHexString(16)), ("t", time.GetUtcNow().ToUnixTimeSeconds()), ("notify", notify), ("platform", "android"), ("version", "2.24.1")], step);
        foreach (var device in called.Devices.Where(d => d.Number > 0)) device.Push(call);
    }
}
