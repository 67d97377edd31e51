using Footbridge.Engine.Messages.Contents;
using Footbridge.Server.Apps.Chatwoot.FromWhatsApp.Kinds;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>Every kind of message, in the order in which they are tried.</summary>
internal sealed class Converters
{
    /// <summary>From so many on, WhatsApp's apps say "many times".</summary>
    private const uint ForwardedOften = 5;

    private readonly IMessageConverter[] _all;
    private readonly Settings _settings;

    public Converters(MessageText texts, MessageFiles files, Settings settings)
    {
        _settings = settings;
        var text = new TextConverter(texts, files);
        _all =
        [
            new AdConverter(settings), new StatusReplyConverter(text, settings), new PixConverter(texts), new ListConverter(), new ButtonsConverter(texts), text, new LocationConverter(),
            new ContactsConverter(settings), new PollConverter(), new EventConverter(), new AlbumConverter(), new ShopConverter(), new PaymentConverter(), new InviteConverter(),
        ];
    }

    /// <summary>What a message becomes: of a kind that nobody knows at least a word that there is one.</summary>
    public async ValueTask<ChatEntry> ConvertAsync(Inbound message, CancellationToken ct)
    {
        if (message.Is("viewOnce") && message.Context.Config.HidesViewOnce) return new(message.Words.Say(Key.MessageViewOnce));
        foreach (var converter in _all)
        {
            if (await converter.ConvertAsync(message, ct) is { } entry) return Marked(message, entry);
        }

        return new(message.Words.Say(Key.FromWhatsAppUnsupported, new { details = JobReference.Of(message.Job, _settings) }));
    }

    private static ChatEntry Marked(Inbound message, ChatEntry entry)
    {
        if (message.Is("viewOnce")) entry = entry with { Text = $"👁️ 1️⃣ {entry.Text}".TrimEnd() };
        if (ContextInfos.Find(message.Content) is not { IsForwarded: true } context) return entry;
        var key = context.ForwardingScore >= ForwardedOften ? Key.MessageForwardedOften : Key.MessageForwarded;
        return entry with { Text = message.Words.Say(key, new { text = entry.Text ?? "" }).TrimEnd() };
    }
}
