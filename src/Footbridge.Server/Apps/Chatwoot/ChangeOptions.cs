using System.Text.Json.Nodes;
using Footbridge.Server.Api;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>How what happens to messages on WhatsApp is shown in Chatwoot: <c>footbridge.reactions</c>, <c>deletes</c>, <c>polls</c> and <c>groupReceipts</c>.</summary>
/// <param name="Reactions"><c>note</c>: for agents alone; <c>message</c>: like any message, as WAHA does; <c>off</c>.</param>
/// <param name="Deletes"><c>note</c>: a note at the message, which stays; <c>remove</c>: the message goes in Chatwoot as well.</param>
/// <param name="Polls"><c>note</c>: how many have chosen what stands beside a poll; <c>off</c>.</param>
/// <param name="GroupReceipts"><c>status</c>: an answer in a group is delivered and read when it is with all members; <c>note</c>: a note beside it counts them as well; <c>off</c>.</param>
internal sealed record ChangeOptions(string Reactions, string Deletes, string Polls, string GroupReceipts)
{
    // The first of each is the default.
    private static readonly string[] ReactionModes = ["note", "message", "off"];
    private static readonly string[] DeleteModes = ["note", "remove"];

    private static readonly string[] PollModes = ["note", "off"];
    private static readonly string[] ReceiptModes = ["status", "note", "off"];

    public static ChangeOptions Default { get; } = new(ReactionModes[0], DeleteModes[0], PollModes[0], ReceiptModes[0]);

    public bool ShowsReactions => Reactions != "off";

    public bool NotesReactions => Reactions == "note";

    public bool RemovesDeleted => Deletes == "remove";

    public bool ShowsPolls => Polls == "note";

    public bool CountsReceipts => GroupReceipts != "off";

    public bool NotesReceipts => GroupReceipts == "note";

    /// <exception cref="InvalidRequestException">A word that is none of them.</exception>
    public static ChangeOptions Read(JsonObject footbridge) => new(
        ChatwootConfig.Choice(footbridge, "reactions", "footbridge.reactions", ReactionModes),
        ChatwootConfig.Choice(footbridge, "deletes", "footbridge.deletes", DeleteModes),
        ChatwootConfig.Choice(footbridge, "polls", "footbridge.polls", PollModes),
        ChatwootConfig.Choice(footbridge, "groupReceipts", "footbridge.groupReceipts", ReceiptModes));
}
