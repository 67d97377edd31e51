using Footbridge.Protocol.Generated;
using Footbridge.Simulator.WhatsApp.State;
using Google.Protobuf;
using RequestType = Footbridge.Protocol.Generated.Message.Types.PeerDataOperationRequestType;
using ResultOf = Footbridge.Protocol.Generated.Message.Types.PeerDataOperationRequestResponseMessage.Types.PeerDataOperationResult;

namespace Footbridge.Simulator.WhatsApp.Phone;

/// <summary>What a phone does for its own linked devices: it sends them again what they could not read.</summary>
internal sealed class PhonePeer(FakePhone phone)
{
    private readonly Lock _gate = new();
    private readonly List<string> _asked = [];

    /// <summary>Whether requests are answered; a phone that is off answers none.</summary>
    public bool IsAnswering { get; set; } = true;

    /// <summary>Ids of messages that linked devices asked for.</summary>
    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (_gate) return [.. _asked];
        }
    }

    public void Take(SimDevice device, string requestId, Message.Types.PeerDataOperationRequestMessage request)
    {
        if (request.PeerDataOperationRequestType != RequestType.PlaceholderMessageResend) return;
        var wanted = request.PlaceholderMessageResendRequest.Select(r => r.MessageKey).ToList();
        lock (_gate) _asked.AddRange(wanted.Select(key => key.Id));
        if (!IsAnswering) return;
        var answer = new Message.Types.PeerDataOperationRequestResponseMessage { PeerDataOperationRequestType = RequestType.PlaceholderMessageResend, StanzaId = requestId };
        foreach (var key in wanted)
        {
            if (phone.Messages.FirstOrDefault(m => m.Id == key.Id) is not { } known) continue;
            var resent = new WebMessageInfo { Key = key, Message = known.Content, MessageTimestamp = 0 };
            answer.PeerDataOperationResult.Add(new ResultOf { PlaceholderMessageResendResponse = new() { WebMessageInfoBytes = resent.ToByteString() } });
        }

        phone.SendToDevice(device, new() { Type = Message.Types.ProtocolMessage.Types.Type.PeerDataOperationRequestResponseMessage, PeerDataOperationRequestResponseMessage = answer });
    }
}
