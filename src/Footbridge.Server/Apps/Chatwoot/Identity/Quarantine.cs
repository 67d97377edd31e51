using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>What could belong to several contacts waits, with what comes behind it in its chat, until an agent has made one of them; agents are told once for each choice.</summary>
/// <remarks>Chatwoot tells nobody that contacts were merged: it is looked at again from time to time.</remarks>
internal sealed class Quarantine(ErrorNotes notes, Settings settings)
{
    /// <summary>Stands in the reason of every job that waits so.</summary>
    public const string WaitsForMerge = "it waits until an agent has merged them";

    /// <returns>What the job is to wait with.</returns>
    public async Task<RetryAfterException> HoldAsync(ChatwootContext context, AmbiguousContactException held, CancellationToken ct)
    {
        var id = WahaIds.Derive("held_", $"{context.App.Id}|{held.Chat}|{string.Join(' ', held.Contacts.Select(contact => contact.Url).Order(StringComparer.Ordinal))}");
        var note = new JsonObject { ["content"] = Explanation.Of(held, context.Words), ["message_type"] = "incoming", ["private"] = true };
        await notes.AcceptAsync(new(context.App.Id, id, null, note, null, null), ct);
        return new(settings.QuarantineWait, $"{held.Message}; {WaitsForMerge}", held);
    }
}
