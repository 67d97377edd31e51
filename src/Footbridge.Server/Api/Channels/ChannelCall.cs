using Footbridge.Engine.Channels;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Channels;

/// <summary>What every call about channels needs: a working session, and a channel named by its id, its invite code or its link.</summary>
internal static class ChannelCall
{
    private const string LinkPart = "whatsapp.com/channel/";
    private const int MaxCodeLength = 64;

    /// <exception cref="SessionNotWorkingException">The session is not linked and connected.</exception>
    public static async Task<ChannelsFeature> ChannelsAsync(this SessionRegistry sessions, string session, CancellationToken ct) =>
        (await sessions.WaitForAsync(session, SessionStatus.Working, ct)).Client.Channels;

    /// <exception cref="InvalidRequestException">The id is no channel's.</exception>
    public static Jid ChannelId(string id) => Find(Uri.UnescapeDataString(id)) ?? throw new InvalidRequestException("id must be a channel id such as 123123123@newsletter");

    /// <summary>A channel by any of its names.</summary>
    /// <exception cref="InvalidRequestException">It is neither an id nor a code nor a link.</exception>
    public static Task<ChannelInfo> FindAsync(ChannelsFeature channels, string id, CancellationToken ct)
    {
        var text = Uri.UnescapeDataString(id);
        return Find(text) is { } channel ? channels.GetAsync(channel, ct) : channels.GetByInviteAsync(Code(text), ct);
    }

    /// <summary>Checks a name before the session is asked for.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public static void Check(string id)
    {
        var text = Uri.UnescapeDataString(id);
        if (Find(text) is null) Code(text);
    }

    private static Jid? Find(string text) => Jid.TryParse(WahaIds.Decoded(text), out var jid) && jid.Server == JidServer.Newsletter && jid.User.Length > 0 ? jid : null;

    private static string Code(string text)
    {
        var start = text.IndexOf(LinkPart, StringComparison.Ordinal);
        var code = (start < 0 ? text : text[(start + LinkPart.Length)..]).Trim().Split('?', '/')[0];
        return code.Length is > 0 and <= MaxCodeLength && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? code : throw new InvalidRequestException("id must be a channel id such as 123123123@newsletter, an invite code or an invite link");
    }
}
