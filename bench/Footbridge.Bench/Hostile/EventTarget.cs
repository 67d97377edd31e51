using System.Runtime.InteropServices;
using Footbridge.Bench.Hostile.Harness;
using Footbridge.Engine.Events;
using Footbridge.Engine.Groups;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Bench.Hostile;

/// <summary>Engine events with any text (broken UTF-16 too), number, time and content, on their way to webhooks and sockets.</summary>
internal static class EventTarget
{
    private static readonly Jid Group = new("120363000000000001", JidServer.Group);

    public static HostileTarget Create(int seed)
    {
        var contents = new[]
        {
            new Message { ExtendedTextMessage = new() { Text = "hi", ContextInfo = new() { StanzaId = "1", Participant = "1@lid", QuotedMessage = new() { Conversation = "old" } } } },
            new Message { LocationMessage = new() { DegreesLatitude = 1.5, DegreesLongitude = -1, Name = "n" } },
            new Message { ProtocolMessage = new() { Type = Message.Types.ProtocolMessage.Types.Type.MessageEdit, Key = new() { Id = "1" }, EditedMessage = new() { Conversation = "x" } } },
        };
        return new("public events", new(seed, [.. contents.Select(c => (byte[])[0, .. c.ToByteArray()]), .. Enumerable.Range(1, 12).Select(kind => (byte[])[(byte)kind, .. new byte[40]])], Special, Restructure), Parse);
    }

    private static object Parse(byte[] input) => PublicEvents.Check(input.Length == 0 || input[0] % 16 == 0 ? OfContent(input) : Of(input[0] % 16, MemoryMarshal.Cast<byte, char>(input.AsSpan(1)).ToString(), NumberIn(input)));

    private static MessageReceived OfContent(byte[] input)
    {
        var content = Protobuf.Parse(Message.Parser, input.AsSpan(Math.Min(1, input.Length)));
        var chat = input.Length % 2 == 0 ? ContentTarget.Person : new Party(Group, null, null);
        return new("message:1", DateTimeOffset.MaxValue, "3EB0", chat, ContentTarget.Person, input.Length % 3 == 0, null, content, false) { Flags = (MessageFlags)input.Length, Origin = (MessageOrigin)(input.Length % 5) };
    }

    private static EngineEvent Of(int kind, string text, long number)
    {
        var (time, person, party) = (DateTimeOffset.FromUnixTimeSeconds(Math.Abs(number % 253_402_300_799)), ContentTarget.Person, new Party(new Jid(text, JidServer.Lid), null, null));
        var member = new GroupMember(party, (GroupRole)(int)number);
        var target = new AddOnTarget(text, party, person, false);
        return kind switch
        {
            1 => new MessageWaiting(text, time, text, party, person, true, text, text),
            2 => new MessageAcked(text, time, text, party, party, true, (AckLevel)(int)number, text),
            3 => new PollVoted(text, time, text, person, party, false, target, [text, text], null) { Totals = [new(text, (int)number), new(text, 0)] },
            4 => new PollVoted(text, time, text, person, party, false, target, null, text),
            5 => new EventResponded(text, time, text, person, party, false, target, (EventAnswer)(int)number, (int)number, null) { PushName = text },
            6 => new CallEnded(text, time, text, party, party, true, text),
            7 => new GroupJoined(text, time, Group, Info(text, time, number, member), party),
            8 => new GroupParticipantsChanged(text, time, Group, (GroupMemberChange)(int)number, [member, member], party),
            9 => new GroupUpdated(text, time, Group, new() { Subject = text, Description = text, InviteCode = text, EphemeralSeconds = number }, null),
            10 => new LabelUpdated(text, time, text, text, (int)number, false),
            11 => new LabelAssigned(text, time, text, party, null, true),
            _ => new ChatUpdated(text, time, party, new ChatChange.Archived(true)),
        };
    }

    private static GroupInfo Info(string text, DateTimeOffset time, long number, GroupMember member) =>
        new(Group, text, member.Person, time, new(text, text, null, time), false, false, false, false, false, number, false, Group, [member, member], text);

    private static long NumberIn(byte[] input) => input.Length < 9 ? input.Length : BitConverter.ToInt64(input, 1);

    private static byte[] Restructure(Random random, byte[] sample, byte[] donor) =>
        sample is [var kind, .. var content] && kind % 16 == 0 && donor is [_, .. var other] ? [kind, .. ProtobufMutator.Mutate(random, content, other)] : donor;

    /// <summary>Any kind of event with noise, halves of surrogate pairs, or a very long text.</summary>
    private static byte[] Special(Random random)
    {
        var text = new byte[2 * random.Next(random.Next(200) == 0 ? 200_000 : 50)];
        if (random.Next(3) == 0) text.AsSpan().Fill(0xD8);
        else random.NextBytes(text);
        return [(byte)random.Next(1, 16), .. text];
    }
}
