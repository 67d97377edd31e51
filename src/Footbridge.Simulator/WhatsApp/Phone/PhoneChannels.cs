using System.Security.Cryptography;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;
using Google.Protobuf;

namespace Footbridge.Simulator.WhatsApp.Phone;

/// <summary>What a person does with channels on the phone.</summary>
internal sealed class PhoneChannels(SimAccount account, ChannelDesk desk)
{
    public Jid Create(string name, string? description = null)
    {
        desk.AcceptTerms(account);
        return desk.Create(account, name, description, null).Jid;
    }

    public string PostText(Jid channel, string text) => Post(channel, new() { ExtendedTextMessage = new() { Text = text } });

    /// <summary>Publishes any message; returns its id.</summary>
    public string Post(Jid channel, Message message) => Submit(channel, "3A" + RandomNumberGenerator.GetHexString(18), null, message.ToByteArray());

    public void Edit(Jid channel, string id, string text) => Submit(channel, id, "3", new Message { ExtendedTextMessage = new() { Text = text } }.ToByteArray());

    public void Delete(Jid channel, string id) => Submit(channel, id, "8", []);

    public void Follow(Jid channel) => desk.SetFollowed(Self, desk.Get(channel), true);

    public void Unfollow(Jid channel) => desk.SetFollowed(Self, desk.Get(channel), false);

    public void SetMuted(Jid channel, bool isMuted) => desk.SetMuted(Self, desk.Get(channel), isMuted);

    public void Rename(Jid channel, string name) => desk.Update(Self, desk.Get(channel), new() { ["name"] = name });

    public void React(Jid channel, string id, string emoji) => desk.React(account, desk.Get(channel), desk.Get(channel).Find(id)!, emoji);

    /// <summary>A message of a channel in clear; the empty one when it was taken back.</summary>
    public static Message Read(Node stanza) => Protobuf.Parse(Message.Parser, stanza.Child("plaintext")?.ContentBytes ?? throw new ProtocolException("a channel's message without content"));

    private SimDevice Self => account.Device(0)!;

    private string Submit(Jid channel, string id, string? edit, byte[] content)
    {
        var ack = desk.Submit(Self, Node.Of("message", [("id", id), ("to", channel), ("type", "text"), ("edit", edit)], Node.OfBytes("plaintext", content)));
        return ack["error"] is { } error ? throw new InvalidOperationException($"the channel refused the message: {error}") : id;
    }
}
