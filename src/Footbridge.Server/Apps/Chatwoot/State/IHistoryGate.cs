using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>Which chats are meant.</summary>
[Flags]
internal enum ChatKinds
{
    None = 0,
    Direct = 1,
    Groups = 2,
    Channels = 4,
    StatusPosts = 8,
    BroadcastLists = 16,
}

/// <summary>A part of a session's past: from one moment to another, Unix seconds, both included.</summary>
internal sealed record HistoryWindow(long From, long To);

/// <summary>A message of the past as its event would have told it.</summary>
/// <param name="At">With <paramref name="Row"/> its place in the order of its chat.</param>
internal sealed record HistoryMessage(PublicEvent Event, long At, long Row);

/// <summary>A person or group of the past.</summary>
/// <param name="Row">Its place in the order in which they are read.</param>
/// <param name="IsListed">It stands in the phone's address book, or there is a chat with it.</param>
internal sealed record HistoryContact(long Row, string? Phone, string? Lid, string? Group, string? Name, string? PushName, bool IsListed);

/// <summary>What a session's server has kept of the past, and what its phone still has.</summary>
internal interface IHistoryGate
{
    /// <summary>The keys of chats, as lanes have them, the one that has been silent for longest first.</summary>
    /// <param name="window">Only chats with a message in it; null for all.</param>
    ValueTask<IReadOnlyList<string>> ChatsAsync(string session, ChatKinds kinds, HistoryWindow? window, CancellationToken ct);

    /// <summary>The key of a chat by any of its addresses; null when nothing is known of it.</summary>
    ValueTask<string?> FindChatAsync(string session, Jid chat, CancellationToken ct);

    /// <summary>Messages of a chat in their order, behind a place.</summary>
    ValueTask<IReadOnlyList<HistoryMessage>> MessagesAsync(string session, string chat, HistoryWindow window, (long At, long Row) after, int limit, CancellationToken ct);

    /// <summary>People with a name, or else chats with those who have none and groups, in a lasting order, behind a place.</summary>
    ValueTask<IReadOnlyList<HistoryContact>> ContactsAsync(string session, bool unlisted, long after, int limit, CancellationToken ct);

    /// <summary>Asks the phone for messages of a chat that are older than all that is here; false when none came, or none older than the window is wanted.</summary>
    /// <exception cref="SessionNotWorkingException">The session is not linked and connected.</exception>
    Task<bool> FetchOlderAsync(string session, string chat, long from, CancellationToken ct);

    /// <summary>Where the picture of a person or group is; null when there is none to be seen.</summary>
    Task<string?> FindPictureAsync(string session, Jid owner, CancellationToken ct);
}
