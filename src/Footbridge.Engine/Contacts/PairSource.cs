namespace Footbridge.Engine.Contacts;

/// <summary>Where a statement comes from that a phone number and a LID are one person. Source: docs/protocol/devices-lid.md.</summary>
internal enum PairSource
{
    /// <summary>Address attributes of a message, receipt, call or presence.</summary>
    Address,

    /// <summary>An answer to a lookup.</summary>
    Usync,

    /// <summary>A notification about devices, numbers or tokens.</summary>
    Notification,

    /// <summary>A group's list of participants.</summary>
    Group,

    /// <summary>The account's history or its app state, from its phone.</summary>
    Phone,

    /// <summary>The list of all pairs that the account's phone sends when it moves to LIDs.</summary>
    Migration,

    /// <summary>The account's blocklist.</summary>
    Blocklist,

    /// <summary>The notification that a LID changed.</summary>
    LidChange,
}
