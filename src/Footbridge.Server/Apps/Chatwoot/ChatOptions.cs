using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Api;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>What a ChatWoot app carries beside chats with persons: <c>footbridge.chats</c>. Each is carried unless it is switched off; what the session ignores never comes this far.</summary>
internal sealed record ChatOptions(bool Groups, bool Channels, bool Status, bool Broadcast)
{
    public static ChatOptions Default { get; } = new(true, true, true, true);

    /// <exception cref="InvalidRequestException">Something that is neither true nor false.</exception>
    public static ChatOptions Read(JsonObject footbridge)
    {
        var chats = Body.Object(footbridge, "chats") ?? [];
        return new(Body.Flag(chats, "groups") ?? true, Body.Flag(chats, "channels") ?? true, Body.Flag(chats, "status") ?? true, Body.Flag(chats, "broadcast") ?? true);
    }

    /// <summary>Whether what happens in a chat is shown; nobody writes from an address of a kind that is not known.</summary>
    public bool Carries(Jid chat) => chat switch
    {
        { IsUser: true } => true,
        { IsGroup: true } => Groups,
        { Server: JidServer.Newsletter } => Channels,
        _ when chat == Jid.Status => Status,
        { Server: JidServer.Broadcast } => Broadcast,
        _ => false,
    };
}
