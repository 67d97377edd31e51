using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp.Kinds;

/// <summary>An invitation to a group, or to run a channel.</summary>
internal sealed class InviteConverter : IMessageConverter
{
    public ValueTask<ChatEntry?> ConvertAsync(Inbound message, CancellationToken ct) => new(
        message.Content.GroupInviteMessage is { } group ? Say(message, group.GroupName, group.Caption)
        : message.Content.NewsletterAdminInviteMessage is { } channel ? Say(message, channel.NewsletterName, channel.Caption)
        : null);

    private static ChatEntry Say(Inbound message, string group, string text) => new(message.Words.Say(Key.MessageGroupInvite, new { group, text }));
}
