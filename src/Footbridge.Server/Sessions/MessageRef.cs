using Footbridge.Protocol.Xml;

namespace Footbridge.Server.Sessions;

/// <summary>A message as callers name it: by its full id (<c>true_5511…@c.us_3EB0…[_participant]</c>) or by its raw id alone.</summary>
/// <param name="IsFromMe">Null when only the raw id was given.</param>
/// <param name="Participant">Who wrote it, in groups; null elsewhere.</param>
internal readonly record struct MessageRef(bool? IsFromMe, Jid? Chat, string Id, Jid? Participant)
{
    /// <summary>What a call answers that needs a full id and got something else; WAHA's words.</summary>
    public const string Format = "Message id be in format false_11111111111@c.us_AAAAAAAAAAAAAAAAAAAA[_participant]";

    private const int MaxRawLength = 128;

    /// <summary>Reads a full id of 3 or 4 parts, or a raw id, which has no <c>_</c>.</summary>
    public static bool TryParse(string text, out MessageRef reference)
    {
        reference = default;
        var parts = WahaIds.Decoded(text).Split('_');
        if (parts is [var raw])
        {
            reference = new(null, null, raw, null);
            return IsRaw(raw);
        }

        if (parts is not [("true" or "false") and var side, var chatText, var id, ..] || parts.Length > 4 || !IsRaw(id) || WahaIds.ParseChatId(chatText) is not { } chat) return false;
        Jid? participant = null;
        // Some clients write the participant of a message without one as "undefined" or leave it empty.
        if (parts.Length == 4) participant = WahaIds.ParseChatId(parts[3]);
        reference = new(side == "true", chat, id, participant);
        return true;
    }

    /// <exception cref="InvalidRequestException">It is neither a full nor a raw id.</exception>
    public static MessageRef Parse(string text) => TryParse(text, out var reference) ? reference : throw new InvalidRequestException(Format);

    private static bool IsRaw(string id) => id.Length is > 0 and <= MaxRawLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or ':' or '=' or '/' or '+');
}
