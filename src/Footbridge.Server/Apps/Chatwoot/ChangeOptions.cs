using System.Text.Json.Nodes;
using Footbridge.Server.Api;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>How reactions and deletions on WhatsApp are shown in Chatwoot: <c>footbridge.reactions</c> and <c>footbridge.deletes</c>.</summary>
/// <param name="Reactions"><c>note</c>: for agents alone; <c>message</c>: like any message, as WAHA does; <c>off</c>.</param>
/// <param name="Deletes"><c>note</c>: a note at the message, which stays; <c>remove</c>: the message goes in Chatwoot as well.</param>
internal sealed record ChangeOptions(string Reactions, string Deletes)
{
    // The first of each is the default.
    private static readonly string[] ReactionModes = ["note", "message", "off"];
    private static readonly string[] DeleteModes = ["note", "remove"];

    public static ChangeOptions Default { get; } = new(ReactionModes[0], DeleteModes[0]);

    public bool ShowsReactions => Reactions != "off";

    public bool NotesReactions => Reactions == "note";

    public bool RemovesDeleted => Deletes == "remove";

    /// <exception cref="InvalidRequestException">A word that is none of them.</exception>
    public static ChangeOptions Read(JsonObject footbridge) => new(
        ChatwootConfig.Choice(footbridge, "reactions", "footbridge.reactions", ReactionModes),
        ChatwootConfig.Choice(footbridge, "deletes", "footbridge.deletes", DeleteModes));
}
