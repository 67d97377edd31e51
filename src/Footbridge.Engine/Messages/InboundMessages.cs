using System.Buffers.Binary;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Generated;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;

namespace Footbridge.Engine.Messages;

/// <summary>A message in clear, before anybody has looked at what kind it is.</summary>
/// <param name="EventId">The id of the event it becomes.</param>
internal sealed record InboundMessage(string EventId, string Id, DateTimeOffset Time, Party Chat, Party Sender, bool IsFromMe, string? PushName, Message Content)
{
    public bool IsOffline { get; init; }

    public MessageOrigin Origin { get; init; }

    public string? Tag { get; init; }

    public MessageFlags Flags { get; init; }
}

/// <summary>Turns messages in clear into events, and keeps what later messages need of them. Inside the loop. Source: docs/protocol/message-kinds.md.</summary>
internal sealed class InboundMessages(AccountContext context)
{
    private readonly AddOns _addOns = new(context);

    /// <summary>Publishes what the message is; a message only for devices becomes nothing.</summary>
    /// <exception cref="Protocol.ProtocolException">Something in it cannot be read.</exception>
    public async ValueTask TakeAsync(InboundMessage message, StoreBatch batch, CancellationToken ct)
    {
        var content = MessageContent.Unwrap(message.Content, out var flags);
        message = message with { Content = content, Flags = message.Flags | flags };
        if (MessageContent.IsOnlyForDevices(content)) return;
        if (content.EncReactionMessage is not null || content.SecretEncryptedMessage is not null || content.EncCommentMessage is not null
            || content.PollUpdateMessage is not null || content.EncEventResponseMessage is not null)
        {
            // What they belong to may still be on its way to the store.
            await context.Commits.DrainAsync();
            if (await TakeAddOnAsync(message, batch, ct) is not { } plain) return;
            message = plain;
        }

        NoteSettings(message, batch);
        var received = new MessageReceived(message.EventId, message.Time, message.Id, message.Chat, message.Sender, message.IsFromMe, message.PushName, message.Content, message.IsOffline)
        {
            Origin = message.Origin,
            Tag = message.Tag,
            Flags = message.Flags,
        };
        StoredMessages.Keep(received, batch);
        if (!PublishSetting(message, batch)) batch.Publish(received);
    }

    /// <summary>How long messages of a chat live, in seconds, and since when; zeros when for ever.</summary>
    public static async ValueTask<(uint Seconds, long Since)> EphemeralAsync(IDeviceStore store, Party chat, CancellationToken ct)
    {
        foreach (var address in new[] { chat.Address, chat.Lid, chat.Phone }.OfType<Protocol.Xml.Jid>().Distinct())
        {
            if (await store.GetAsync(StateKind.EphemeralSetting, address.ToString(), ct) is { Length: 12 } stored)
            {
                return (BinaryPrimitives.ReadUInt32BigEndian(stored), BinaryPrimitives.ReadInt64BigEndian(stored.AsSpan(4)));
            }
        }

        return default;
    }

    public static void SaveEphemeral(Party chat, uint seconds, long since, StoreBatch batch)
    {
        var value = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(value, seconds);
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(4), since);
        foreach (var address in new[] { chat.Address, chat.Lid, chat.Phone }.OfType<Protocol.Xml.Jid>().Distinct()) batch.Put(StateKind.EphemeralSetting, address.ToString(), value);
    }

    /// <summary>The message in its plain form, when it is still a message; null when it became an event of another kind, or none.</summary>
    private async ValueTask<InboundMessage?> TakeAddOnAsync(InboundMessage message, StoreBatch batch, CancellationToken ct)
    {
        if (message.Content.PollUpdateMessage is { PollCreationMessageKey: not null })
        {
            if (await _addOns.VoteAsync(message, batch, ct) is { } vote) batch.Publish(vote);
            return null;
        }

        if (message.Content.EncEventResponseMessage is { EventCreationMessageKey: not null })
        {
            batch.Publish(await _addOns.RespondAsync(message, ct));
            return null;
        }

        return await _addOns.OpenAsync(message, ct) is { } plain ? message with { Content = plain, Flags = message.Flags | MessageFlags.Encrypted } : message;
    }

    private static void NoteSettings(InboundMessage message, StoreBatch batch)
    {
        if (message.Content.ProtocolMessage is { Type: ProtocolType.EphemeralSetting } setting)
        {
            SaveEphemeral(message.Chat, setting.EphemeralExpiration, setting.EphemeralSettingTimestamp, batch);
            batch.Publish(new ChatUpdated(message.EventId + ":ephemeral", message.Time, message.Chat, new ChatChange.Ephemeral(setting.EphemeralExpiration)));
        }
        else if (message.Origin == MessageOrigin.Elsewhere && ContextInfos.Find(message.Content) is { Expiration: > 0 } info)
        {
            SaveEphemeral(message.Chat, info.Expiration, info.EphemeralSettingTimestamp, batch);
        }
    }

    /// <summary>Settings that are no messages to people, but concern them.</summary>
    private static bool PublishSetting(InboundMessage message, StoreBatch batch)
    {
        switch (message.Content.ProtocolMessage)
        {
            case { Type: ProtocolType.GroupMemberLabelChange } change:
                batch.Publish(new MemberLabelChanged(message.EventId, message.Time, message.Chat, message.Sender, change.MemberLabel?.Label ?? ""));
                return true;
            case { Type: ProtocolType.LimitSharing } change:
                batch.Publish(new SharingLimited(message.EventId, message.Time, message.Chat, message.Sender, change.LimitSharing?.SharingLimited ?? false));
                return true;
            default:
                return false;
        }
    }
}
