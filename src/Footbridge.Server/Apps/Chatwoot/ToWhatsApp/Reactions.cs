using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

/// <summary>Reactions: an agent's reply that is one emoji.</summary>
internal static class Reactions
{
    private const string Mark = ":reaction:";

    /// <summary>The reaction that a message is, or null.</summary>
    public static SendCall? Of(AgentMessage message, Jid target, MessageAddress? reply)
    {
        if (reply is null || !message.Context.Config.Sending.EmojiReplies || message.Body["attachments"] is not null || Emoji.Single(message.Content) is not { } emoji) return null;
        return new(message.IdOf(1), target.ToString(), SendKind.Reaction) { Text = emoji, Target = reply };
    }

    /// <summary>What a part is kept under in the map: a reaction's row says what it is about, so that it can be taken back.</summary>
    public static string MapIdOf(SendCall call) =>
        call is { Kind: SendKind.Reaction, Target: { } target } ? $"{call.Id}{Mark}{target.Id}:{(target.IsFromMe is { } own ? own ? "me" : "them" : "")}" : call.Id;

    /// <summary>What a reaction's row is about, or null when the row is of something else.</summary>
    public static MessageAddress? TargetOf(MappedMessage row)
    {
        if (row.WaId.Split(Mark) is not [_, var rest] || rest.Split(':') is not [var id, var side]) return null;
        return new(id, side switch { "me" => true, "them" => false, _ => null }, row.Participant);
    }
}
