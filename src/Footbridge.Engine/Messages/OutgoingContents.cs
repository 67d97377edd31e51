using System.Security.Cryptography;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Messages;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Engine.Messages;

/// <summary>Gives a message what the account knows and its caller need not: a secret, the chat's lifetime of messages, LIDs of those it mentions.</summary>
internal static class OutgoingContents
{
    /// <summary>The message as it goes into the outbox; its caller's object is not changed. Outside the loop.</summary>
    public static async Task<OutgoingMessage> PrepareAsync(AccountContext context, OutgoingMessage message, CancellationToken ct)
    {
        var content = message.Content.Clone();
        if (MessageTraits.Of(content).HasSecret)
        {
            content.MessageContextInfo ??= new();
            if (!content.MessageContextInfo.HasMessageSecret) content.MessageContextInfo.MessageSecret = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(AddOnCipher.SecretBytes));
            var inner = Innermost(content);
            await MentionLidsAsync(context, inner, ct);
            var twin = await context.Loop.RunAsync(stop => context.State.TwinAsync(message.To, stop), ct);
            var (seconds, since) = await InboundMessages.EphemeralAsync(context.Store, MessageSource.PartyOf(message.To, twin), ct);
            if (seconds > 0) ContextInfos.Change(inner, info => (info.Expiration, info.EphemeralSettingTimestamp) = (seconds, since));
        }

        return message with { Content = content };
    }

    /// <summary>The content within the containers, as part of the message and not as a copy.</summary>
    private static Message Innermost(Message content) =>
        (content.ViewOnceMessageV2 ?? content.ViewOnceMessageV2Extension ?? content.ViewOnceMessage ?? content.DocumentWithCaptionMessage ?? content.EphemeralMessage)?.Message is { } inner ? Innermost(inner) : content;

    private static async Task MentionLidsAsync(AccountContext context, Message content, CancellationToken ct)
    {
        if (ContextInfos.Find(content) is not { MentionedJid.Count: > 0 } info) return;
        for (var i = 0; i < info.MentionedJid.Count; i++)
        {
            if (!Jid.TryParse(info.MentionedJid[i], out var person) || !person.IsPhone) continue;
            if (await context.Loop.RunAsync(stop => context.State.TwinAsync(person, stop), ct) is not { } lid) continue;
            info.MentionedJid[i] = lid.ToString();
            Rename(content, "@" + person.User, "@" + lid.User);
        }
    }

    /// <summary>The text names people by the user part of the address they are mentioned by.</summary>
    private static void Rename(Message content, string from, string to)
    {
        if (content.ExtendedTextMessage is { } text) text.Text = text.Text.Replace(from, to, StringComparison.Ordinal);
        if (content.ImageMessage is { HasCaption: true } image) image.Caption = image.Caption.Replace(from, to, StringComparison.Ordinal);
        if (content.VideoMessage is { HasCaption: true } video) video.Caption = video.Caption.Replace(from, to, StringComparison.Ordinal);
        if (content.DocumentMessage is { HasCaption: true } document) document.Caption = document.Caption.Replace(from, to, StringComparison.Ordinal);
    }
}
