using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>The contact and conversation in which the app itself speaks.</summary>
internal sealed class IntegrationPlace(IChatPlaces places, ConversationChoice conversations)
{
    /// <summary>Finds or makes it.</summary>
    public async Task<long> ConversationAsync(ChatwootContext context, CancellationToken ct)
    {
        if (await places.FindAsync(context.App.Id, ChatwootSetup.IntegrationId, ct) is { } known) return known.Conversation;
        var contact = new JsonObject
        {
            ["source_id"] = ChatwootSetup.IntegrationId,
            ["identifier"] = ChatwootSetup.IntegrationId,
            ["name"] = context.Words.Say(Key.AppInboxContactName),
            ["custom_attributes"] = new JsonObject { [ChatwootSetup.ChatIdAttribute] = ChatwootSetup.IntegrationId },
        };
        if (context.Words.Say(Key.AppInboxContactAvatarUrl) is { Length: > 0 } picture) contact["avatar_url"] = picture;
        var (id, sourceId) = await context.Client.CreateContactAsync(contact, ct);
        var place = new Place(id, await conversations.ChooseAsync(context, id, sourceId, ct), ChatwootSetup.IntegrationId);
        await places.SaveAsync(context.App.Id, ChatwootSetup.IntegrationId, place, ct);
        return place.Conversation;
    }
}
