using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;
using ResultType = Footbridge.Protocol.Generated.MediaRetryNotification.Types.ResultType;

namespace Footbridge.Engine.Media;

/// <summary>Stanzas of media that has to be uploaded again. Source: docs/protocol/media.md.</summary>
internal static class MediaStanzas
{
    private const long NotFound = 2;

    /// <summary>Asks the account's phone to upload a message's file again.</summary>
    public static Node AskAgain(ArrivedMedia media, Jid phone)
    {
        var (payload, iv) = MediaRetry.SealRequest(media.MessageId, media.Reference.Key);
        return Node.Of("receipt", [("id", media.MessageId), ("to", phone.ToUser()), ("type", "server-error")],
            Node.Of("encrypt", Node.OfBytes("enc_p", payload), Node.OfBytes("enc_iv", iv)),
            Node.Of("rmr", [("jid", media.Chat), ("from_me", media.IsFromMe ? "true" : "false"), ("participant", media.Participant)]));
    }

    /// <summary>The phone's answer.</summary>
    /// <exception cref="ProtocolException">It is malformed, or sealed for another file.</exception>
    public static MediaRetryOutcome Outcome(Node notification, ReadOnlySpan<byte> mediaKey)
    {
        if (notification.Child("error") is { } error)
        {
            return error.LongOf("code") == NotFound ? new MediaRetryOutcome.NotOnPhone() : new MediaRetryOutcome.Refused($"the phone answered with error {error["code"]}");
        }

        var sealedPart = notification.Child("encrypt") ?? throw new ProtocolException("a media retry without an answer");
        var answer = MediaRetry.OpenAnswer(notification.Required("id"), sealedPart.Child("enc_p")?.ContentBytes, sealedPart.Child("enc_iv")?.ContentBytes, mediaKey);
        return answer.Result switch
        {
            ResultType.Success when answer.DirectPath is ['/', ..] => new MediaRetryOutcome.Uploaded(answer.DirectPath),
            ResultType.NotFound => new MediaRetryOutcome.NotOnPhone(),
            ResultType.DecryptionError => new MediaRetryOutcome.Refused("the phone could not read the request"),
            _ => new MediaRetryOutcome.Refused("the phone could not upload the file"),
        };
    }
}
