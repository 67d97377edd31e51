using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp.Kinds;

/// <summary>A poll of any version: they differ in name only, and the fourth in a container that is taken off before.</summary>
internal sealed class PollConverter : IMessageConverter
{
    private static readonly string[] Versions = ["pollCreationMessageV5", "pollCreationMessageV3", "pollCreationMessageV2", "pollCreationMessage"];

    public ValueTask<ChatEntry?> ConvertAsync(Inbound message, CancellationToken ct) =>
        new(Versions.Select(version => message.Raw[version]).FirstOrDefault(one => one is not null) is not { } poll
            ? null
            : new ChatEntry(WhatsAppToMarkdown.Apply(message.Words.Say(Key.FromWhatsAppPoll, new { payload = message.Payload, poll, message = message.Raw }))));
}
