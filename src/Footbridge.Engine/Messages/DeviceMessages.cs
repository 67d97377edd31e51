using Footbridge.Engine.Store;
using ProtocolMessage = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;

namespace Footbridge.Engine.Messages;

/// <summary>Takes one kind of message between the account's own devices, inside the loop.</summary>
internal interface IDeviceMessageHandler
{
    /// <summary>Adds what must survive to the batch that also holds the ratchet's step; the receipt leaves after it is durable.</summary>
    /// <returns>What to do once it is durable, or null.</returns>
    ValueTask<Action?> TakeAsync(MessageSource source, ProtocolMessage message, StoreBatch batch, CancellationToken ct);
}

/// <summary>Which handlers take which message between own devices. Anybody else's is not listened to.</summary>
internal sealed class DeviceMessages
{
    private readonly Dictionary<ProtocolType, List<IDeviceMessageHandler>> _handlers = [];

    /// <summary>Several may take the same type, each leaving alone what is not its business.</summary>
    public void Add(ProtocolType type, IDeviceMessageHandler handler)
    {
        if (!_handlers.TryGetValue(type, out var handlers)) _handlers[type] = handlers = [];
        handlers.Add(handler);
    }

    public async ValueTask<Action?> TakeAsync(MessageSource source, ProtocolMessage? message, StoreBatch batch, CancellationToken ct)
    {
        if (!source.IsFromMe || message is not { HasType: true } || !_handlers.TryGetValue(message.Type, out var handlers)) return null;
        Action? then = null;
        foreach (var handler in handlers) then += await handler.TakeAsync(source, message, batch, ct);
        return then;
    }

    /// <summary>Whether the account's phone itself sent it; keys and history come from nobody else.</summary>
    public static bool IsFromPhone(MessageSource source) => source is { IsFromMe: true, Device.Device: 0 };
}
