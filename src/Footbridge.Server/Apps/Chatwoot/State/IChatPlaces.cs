using Footbridge.Server.Apps.Chatwoot.Identity;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>Where each chat is filed in Chatwoot.</summary>
internal interface IChatPlaces
{
    ValueTask<Place?> FindAsync(string app, string chat, CancellationToken ct);

    /// <summary>The same, also of a chat whose conversation is to be chosen anew (<see cref="Place.IsOpen"/>): what its contact was told is still known.</summary>
    ValueTask<Place?> RecallAsync(string app, string chat, CancellationToken ct);

    /// <summary>What a Chatwoot conversation is on WhatsApp, when a message has gone through it before: of several chats in one the one that wrote last.</summary>
    ValueTask<Place?> OfConversationAsync(string app, long conversation, CancellationToken ct);

    Task SaveAsync(string app, string chat, Place place, CancellationToken ct);

    /// <summary>The contact of a chat got a picture; does nothing when the chat is not filed any more.</summary>
    Task SetPictureAsync(string app, string chat, PictureMark picture, CancellationToken ct);

    /// <summary>Chatwoot no longer knows the conversation of a place (it was deleted): the next message of whoever was filed there looks again.</summary>
    Task ForgetAsync(string app, string chat, CancellationToken ct);

    /// <summary>A contact's conversations changed: its next message looks again, unless it would come out at the same one.</summary>
    Task ForgetContactAsync(string app, long contact, long? kept, CancellationToken ct);
}
