using Footbridge.Protocol.Generated;
using Footbridge.Simulator.WhatsApp.Phone;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;

namespace Footbridge.Simulator.Control;

/// <summary>A message as it stands on the screen: with what was done to it since it came.</summary>
internal sealed class ScreenMessage(PhoneMessage message, long at)
{
    private readonly Dictionary<bool, string> _reactions = [];

    public PhoneMessage Message => message;

    /// <summary>Milliseconds.</summary>
    public long At => at;

    public string Text { get; private set; } = TextOf(message.Content);

    public bool IsEdited { get; private set; }

    public bool IsDeleted { get; private set; }

    /// <summary>At most one of each side.</summary>
    public IEnumerable<string> Reactions => _reactions.Values;

    public void React(bool isFromMe, string emoji)
    {
        if (emoji.Length == 0) _reactions.Remove(isFromMe);
        else _reactions[isFromMe] = emoji;
    }

    public void Edit(Message changed) => (Text, IsEdited) = (TextOf(changed), true);

    public void Delete()
    {
        (Text, IsDeleted) = ("This message was deleted", true);
        _reactions.Clear();
    }

    private static string TextOf(Message content) =>
        content.ExtendedTextMessage?.Text ?? content.ImageMessage?.Caption ?? content.VideoMessage?.Caption
        ?? content.DocumentWithCaptionMessage?.Message?.DocumentMessage?.Caption ?? content.Conversation;
}

/// <summary>What came to a phone, as its screen shows it: reactions, edits and deletions at the messages they are about.</summary>
internal static class PhoneView
{
    /// <param name="times">When each message came, in milliseconds.</param>
    public static IReadOnlyList<ScreenMessage> Of(IReadOnlyList<PhoneMessage> messages, IReadOnlyList<long> times)
    {
        var shown = new List<ScreenMessage>();
        var byId = new Dictionary<string, ScreenMessage>(StringComparer.Ordinal);
        for (var i = 0; i < messages.Count; i++)
        {
            if (IsChange(messages[i], byId)) continue;
            var added = new ScreenMessage(messages[i], times[i]);
            shown.Add(added);
            byId[messages[i].Id] = added;
        }

        return shown;
    }

    /// <summary>The file of a message; a recording has no name and looks otherwise.</summary>
    public static (string Name, string ContentType, bool IsVoice)? FileOf(Message content)
    {
        if (PhoneFile.PartOf(content) is not var (kind, part)) return null;
        var name = part is Message.Types.DocumentMessage { FileName.Length: > 0 } document ? document.FileName : kind.ToString().ToLowerInvariant();
        return (name, part.Mimetype.Split(';')[0], part is Message.Types.AudioMessage { Ptt: true });
    }

    /// <summary>Whether it is no message of its own, but does something to one; then that is done.</summary>
    private static bool IsChange(PhoneMessage message, Dictionary<string, ScreenMessage> byId)
    {
        var content = message.Content.EditedMessage?.Message ?? message.Content;
        if (content.ReactionMessage is { } reaction)
        {
            byId.GetValueOrDefault(reaction.Key.Id)?.React(message.IsFromMe, reaction.Text);
            return true;
        }

        if (content.ProtocolMessage is not { } change) return false;
        var target = byId.GetValueOrDefault(change.Key?.Id ?? "");
        if (change.Type == ProtocolType.Revoke) target?.Delete();
        else if (change is { Type: ProtocolType.MessageEdit, EditedMessage: { } changed }) target?.Edit(changed);
        return true;
    }
}
