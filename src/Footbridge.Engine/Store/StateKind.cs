namespace Footbridge.Engine.Store;

/// <summary>What a piece of an account's state is. The numbers are stored: never reuse one.</summary>
public enum StateKind : byte
{
    /// <summary>Noise, identity and registration material, own jids, the ADV identity: one row, key empty.</summary>
    Credentials = 1,
    Session = 2,
    Identity = 3,
    PreKey = 4,
    SignedPreKey = 5,
    SenderKey = 6,
    LidOfPhone = 7,
    PhoneOfLid = 8,
    DeviceList = 9,

    /// <summary>Outgoing messages by id: plaintext, recipients and state, for resending and for retry receipts.</summary>
    Outbox = 10,

    /// <summary>Message ids already taken in, with what became of them, so that a second arrival is dropped.</summary>
    Seen = 11,

    /// <summary>Retry counters of messages that could not be decrypted.</summary>
    Retry = 12,
    PrivacyToken = 13,
    MessageSecret = 14,

    /// <summary>Ids of outgoing messages the server has not acknowledged yet.</summary>
    Unacknowledged = 15,

    /// <summary>Keys of the app state as the phone shared them, by id in hex.</summary>
    AppStateKey = 40,

    /// <summary>How far a collection of the app state has been followed, by its name.</summary>
    AppStateCollection = 41,

    /// <summary>What is set in a collection: <c>collection/index MAC</c>; the value's MAC and the opened action.</summary>
    AppStateRecord = 42,

    /// <summary>When the phone was last asked for a key, by the key's id in hex.</summary>
    AppStateKeyRequest = 43,

    /// <summary>Parts of the history that have been announced and not taken in yet, by message id.</summary>
    PendingHistory = 44,

    /// <summary>Secrets the phone shares with its devices, by name: see <see cref="AccountSecrets"/>.</summary>
    AccountSecret = 45,

    /// <summary>Who stated a pair of phone and LID, and when.</summary>
    PersonLink = 50,

    /// <summary>The server's noise key and until when its certificates are valid: one row, key empty.</summary>
    KnownServer = 60,

    /// <summary>Files the account's phone was asked to upload again, by message id.</summary>
    MediaRequest = 70,

    /// <summary>The number that a message has in its channel, by <c>channel|message id</c>.</summary>
    ChannelServerId = 80,

    /// <summary>Which devices hold the account's own sender key of a group.</summary>
    SenderKeyHolders = 20,

    /// <summary>Polls and events by id and sender, with their secrets: for good, since people answer them late.</summary>
    AddOnTarget = 31,

    /// <summary>How long messages live, by chat.</summary>
    EphemeralSetting = 32,

    /// <summary>The latest vote of each person in each poll.</summary>
    PollVote = 33,

    /// <summary>When the account last gave a person a trusted-contact token, by the person's user part.</summary>
    TokenIssued = 35,

    /// <summary>Messages that could not be read and have been told of as waiting.</summary>
    WaitingMessage = 36,
}
