using System.Security.Cryptography;
using System.Text;
using Footbridge.Engine.Events;
using Footbridge.Protocol.Xml;

namespace Footbridge.Server.Sessions;

/// <summary>Ids and addresses in WAHA's forms.</summary>
internal static class WahaIds
{
    private const string Base32 = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int UlidLength = 26;

    /// <summary>The form people know: <c>…@c.us</c> when the phone is known, else <c>…@lid</c>, without device.</summary>
    public static string ChatId(Party party) => ChatId(party.Phone ?? party.Address);

    public static string ChatId(Jid jid) => jid.ToUser() is var user && user.IsPhone ? user.User + "@" + JidServer.Legacy : user.ToString();

    /// <param name="participant">Who wrote it, in groups, broadcasts and the status feed; null elsewhere.</param>
    public static string MessageId(bool isFromMe, string chatId, string id, string? participant = null) =>
        $"{(isFromMe ? "true" : "false")}_{chatId}_{id}{(participant is null ? "" : "_" + participant)}";

    /// <summary>The raw id in a full or raw message id.</summary>
    public static string RawId(string id) => MessageRef.TryParse(id, out var reference) ? reference.Id : id;

    /// <summary>An address in any of the forms callers use, or null.</summary>
    public static Jid? ParseChatId(string text)
    {
        text = Decoded(text);
        if (text.Length > 0 && text.All(char.IsAsciiDigit)) text += "@" + JidServer.User;
        return Jid.TryParse(text, out var jid) && jid.User.Length > 0 ? jid.ToUser() : null;
    }

    /// <summary>An id as it stood in an address: clients send <c>@</c> as it is or as <c>%40</c>, once or twice.</summary>
    public static string Decoded(string text) => text.Replace("%2540", "@", StringComparison.Ordinal).Replace("%40", "@", StringComparison.Ordinal);

    /// <summary>An id of ULID's length that is the same for the same seed and tells nothing about it.</summary>
    public static string Derive(string prefix, string seed)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(seed));
        return prefix + string.Create(UlidLength, hash, (text, bytes) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = Base32[bytes[i] & 31];
        });
    }

    public static string NewUlid() => Derive("", Guid.NewGuid().ToString());
}
