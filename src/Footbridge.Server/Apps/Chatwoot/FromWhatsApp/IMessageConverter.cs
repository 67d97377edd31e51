namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>Makes entries of messages of one kind.</summary>
internal interface IMessageConverter
{
    /// <summary>Null when the message is of another kind: the next converter is asked.</summary>
    ValueTask<ChatEntry?> ConvertAsync(Inbound message, CancellationToken ct);
}
