using Footbridge.Server.Apps.Chatwoot.Identity;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>Where each chat is filed in Chatwoot.</summary>
internal interface IChatPlaces
{
    ValueTask<Place?> FindAsync(string app, string chat, CancellationToken ct);

    /// <summary>The WhatsApp address behind a Chatwoot conversation, when a message has gone through it before.</summary>
    ValueTask<string?> TargetOfAsync(string app, long conversation, CancellationToken ct);

    Task SaveAsync(string app, string chat, Place place, CancellationToken ct);

    /// <summary>Chatwoot no longer knows the place (deleted, merged): the next message looks again.</summary>
    Task ForgetAsync(string app, string chat, CancellationToken ct);

    /// <summary>A contact's conversations changed: its next message looks again, unless it would come out at the same one.</summary>
    Task ForgetContactAsync(string app, long contact, long? kept, CancellationToken ct);
}
