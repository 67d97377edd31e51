namespace Footbridge.Protocol.AppState;

/// <summary>One kind of action: a phone takes it only from its own collection and with its own version.</summary>
/// <param name="Parts">How many strings follow the name in the index.</param>
public sealed record SyncActionKind(string Name, string Collection, int Version, int Parts)
{
    /// <exception cref="ArgumentException">Not as many parts as the action has.</exception>
    public byte[] Index(params ReadOnlySpan<string> parts) =>
        parts.Length == Parts ? SyncIndex.Encode([Name, .. parts]) : throw new ArgumentException($"{Name} takes {Parts} parts", nameof(parts));
}

/// <summary>The five collections, in the order they are fetched: a client is of little use before the first two.</summary>
public static class SyncCollections
{
    public const string CriticalBlock = "critical_block";
    public const string CriticalUnblockLow = "critical_unblock_low";
    public const string RegularHigh = "regular_high";
    public const string Regular = "regular";
    public const string RegularLow = "regular_low";

    public static IReadOnlyList<string> Critical { get; } = [CriticalBlock, CriticalUnblockLow];

    public static IReadOnlyList<string> All { get; } = [CriticalBlock, CriticalUnblockLow, RegularHigh, Regular, RegularLow];
}

/// <summary>The actions this project writes or reads. Source: docs/protocol/app-state.md, which lists the rest.</summary>
public static class SyncActions
{
    public static SyncActionKind Archive { get; } = new("archive", SyncCollections.RegularLow, 3, 1);

    public static SyncActionKind Pin { get; } = new("pin_v1", SyncCollections.RegularLow, 5, 1);

    public static SyncActionKind Mute { get; } = new("mute", SyncCollections.RegularHigh, 2, 1);

    public static SyncActionKind MarkChatAsRead { get; } = new("markChatAsRead", SyncCollections.RegularLow, 3, 1);

    /// <summary>Chat, message id, from me (0 or 1), and the sender in groups or 0.</summary>
    public static SyncActionKind Star { get; } = new("star", SyncCollections.RegularHigh, 2, 4);

    /// <inheritdoc cref="Star"/>
    public static SyncActionKind DeleteMessageForMe { get; } = new("deleteMessageForMe", SyncCollections.RegularHigh, 3, 4);

    /// <summary>Chat, delete starred messages (0 or 1), delete media (0 or 1).</summary>
    public static SyncActionKind ClearChat { get; } = new("clearChat", SyncCollections.RegularHigh, 6, 3);

    /// <summary>Chat, delete media (0 or 1).</summary>
    public static SyncActionKind DeleteChat { get; } = new("deleteChat", SyncCollections.RegularHigh, 6, 2);

    public static SyncActionKind Contact { get; } = new("contact", SyncCollections.CriticalUnblockLow, 2, 1);

    public static SyncActionKind LidContact { get; } = new("lid_contact", SyncCollections.CriticalUnblockLow, 1, 1);

    public static SyncActionKind LabelEdit { get; } = new("label_edit", SyncCollections.Regular, 3, 1);

    /// <summary>Label, chat.</summary>
    public static SyncActionKind LabelJid { get; } = new("label_jid", SyncCollections.Regular, 3, 2);

    /// <summary>Label, chat, message id, 0, 0.</summary>
    public static SyncActionKind LabelMessage { get; } = new("label_message", SyncCollections.Regular, 3, 5);

    public static SyncActionKind PushName { get; } = new("setting_pushName", SyncCollections.CriticalBlock, 1, 0);

    public static SyncActionKind NctSalt { get; } = new("nct_salt_sync", SyncCollections.RegularHigh, 1, 0);

    public static SyncActionKind PnForLidChat { get; } = new("pnForLidChat", SyncCollections.Regular, 8, 1);

    public static SyncActionKind StatusPrivacy { get; } = new("status_privacy", SyncCollections.RegularHigh, 7, 0);

    public static IReadOnlyList<SyncActionKind> All { get; } =
    [
        Archive, Pin, Mute, MarkChatAsRead, Star, DeleteMessageForMe, ClearChat, DeleteChat, Contact, LidContact, LabelEdit, LabelJid, LabelMessage, PushName, NctSalt,
        PnForLidChat, StatusPrivacy,
    ];
}
