using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.AppState;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using MessageRange = Footbridge.Protocol.Generated.SyncActionValue.Types.SyncActionMessageRange;

namespace Footbridge.Engine.AppState;

/// <summary>Builds what is written about chats and people. Source: docs/protocol/app-state.md.</summary>
internal sealed class ChatActions(AccountContext context)
{
    private const long ForEver = -1;

    /// <summary>How a chat is named in an index: people by their phone number while it is known, which every version of every client understands.</summary>
    public async ValueTask<string> AddressAsync(Jid chat, CancellationToken ct)
    {
        var address = chat.ToUser();
        return (address.IsLid && await LidMap.FindTwinAsync(context.Store, address, ct) is { } phone ? phone : address).ToString();
    }

    public async ValueTask<IReadOnlyList<SyncWrite>> ArchiveAsync(Jid chat, bool isArchived, CancellationToken ct)
    {
        var address = await AddressAsync(chat, ct);
        var archive = new SyncWrite(SyncActions.Archive, [address], new() { ArchiveChatAction = new() { Archived = isArchived, MessageRange = await RangeAsync(chat, address, ct) } });
        return isArchived ? [archive, new(SyncActions.Pin, [address], new() { PinAction = new() { Pinned = false } })] : [archive];
    }

    public async ValueTask<IReadOnlyList<SyncWrite>> MarkReadAsync(Jid chat, bool isRead, CancellationToken ct)
    {
        var address = await AddressAsync(chat, ct);
        return [new(SyncActions.MarkChatAsRead, [address], new() { MarkChatAsReadAction = new() { Read = isRead, MessageRange = await RangeAsync(chat, address, ct) } })];
    }

    public async ValueTask<IReadOnlyList<SyncWrite>> ClearAsync(Jid chat, bool keepsStarred, CancellationToken ct)
    {
        var address = await AddressAsync(chat, ct);
        return [new(SyncActions.ClearChat, [address, keepsStarred ? "0" : "1", "0"], new() { ClearChatAction = new() { MessageRange = await RangeAsync(chat, address, ct) } })];
    }

    public async ValueTask<IReadOnlyList<SyncWrite>> DeleteAsync(Jid chat, CancellationToken ct)
    {
        var address = await AddressAsync(chat, ct);
        return [new(SyncActions.DeleteChat, [address, "1"], new() { DeleteChatAction = new() { MessageRange = await RangeAsync(chat, address, ct) } })];
    }

    /// <summary>A person of whom no phone number is known has an action of its own.</summary>
    public async ValueTask<IReadOnlyList<SyncWrite>> SaveContactAsync(Jid person, string fullName, string? firstName, bool isOnPhone, CancellationToken ct)
    {
        var address = await AddressAsync(person, ct);
        if (Jid.Parse(address).IsLid) return [new(SyncActions.LidContact, [address], new() { LidContactAction = new() { FullName = fullName, FirstName = firstName ?? "" } })];
        var contact = new SyncActionValue.Types.ContactAction { FullName = fullName, FirstName = firstName ?? "", SaveOnPrimaryAddressbook = isOnPhone };
        if (await LidMap.FindTwinAsync(context.Store, Jid.Parse(address), ct) is { } lid) contact.LidJid = lid.ToString();
        return [new(SyncActions.Contact, [address], new() { ContactAction = contact })];
    }

    /// <summary>The index of a message: chat, id, whose, and the sender when the chat does not tell who it was.</summary>
    public async ValueTask<string[]> MessageAsync(Jid chat, string messageId, bool isFromMe, Jid? sender, CancellationToken ct) =>
        [await AddressAsync(chat, ct), messageId, isFromMe ? "1" : "0", !chat.IsUser && !isFromMe && sender is { } who ? who.ToUser().ToString() : "0"];

    public static SyncActionValue Mute(DateTimeOffset? until) => new()
    {
        MuteAction = new() { Muted = until is not null, MuteEndTimestamp = until is { } end && end != DateTimeOffset.MaxValue ? end.ToUnixTimeMilliseconds() : until is null ? 0 : ForEver },
    };

    public static SyncActionValue Label(string name, int color, bool isDeleted) => new() { LabelEditAction = new() { Name = name, Color = color, Deleted = isDeleted } };

    /// <summary>Up to which message the action goes: phones leave alone what is newer, and ignore the action when they do not know the message.</summary>
    private async ValueTask<MessageRange> RangeAsync(Jid chat, string address, CancellationToken ct)
    {
        var twin = chat.IsUser ? await LidMap.FindTwinAsync(context.Store, chat.ToUser(), ct) : null;
        var last = context.Options.ChatHistory is { } history ? await history.LastMessageAsync(MessageSource.PartyOf(chat.ToUser(), twin), ct) : null;
        var range = new MessageRange { LastMessageTimestamp = (last?.Time ?? context.Time.GetUtcNow()).ToUnixTimeSeconds() };
        if (last is null) return range;
        var key = new MessageKey { RemoteJid = address, FromMe = last.IsFromMe, Id = last.MessageId };
        if (last is { IsFromMe: false, Sender: { } sender } && !chat.IsUser) key.Participant = sender.ToUser().ToString();
        range.Messages.Add(new SyncActionValue.Types.SyncActionMessage { Key = key, Timestamp = last.Time.ToUnixTimeSeconds() });
        return range;
    }
}
