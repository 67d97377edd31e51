using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api;

/// <summary>Operations of WAHA's contract that are not there yet: they answer 501 in WAHA's words. A line leaves when its operation arrives.</summary>
internal static class NotYet
{
    private const string Operations = """
        [Api Keys]
        GET /api/keys
        POST /api/keys
        POST /api/keys/control
        POST /api/keys/media
        DELETE /api/keys/{id}
        PUT /api/keys/{id}
        [Apps]
        POST /mcp
        [Calls]
        POST /api/{session}/calls/reject
        [Channels]
        GET /api/{session}/channels
        POST /api/{session}/channels
        POST /api/{session}/channels/search/by-text
        POST /api/{session}/channels/search/by-view
        GET /api/{session}/channels/search/categories
        GET /api/{session}/channels/search/countries
        GET /api/{session}/channels/search/views
        DELETE /api/{session}/channels/{id}
        GET /api/{session}/channels/{id}
        POST /api/{session}/channels/{id}/follow
        GET /api/{session}/channels/{id}/messages/preview
        POST /api/{session}/channels/{id}/mute
        POST /api/{session}/channels/{id}/unfollow
        POST /api/{session}/channels/{id}/unmute
        [Chats]
        DELETE /api/{session}/chats/{chatId}
        POST /api/{session}/chats/{chatId}/archive
        DELETE /api/{session}/chats/{chatId}/messages
        DELETE /api/{session}/chats/{chatId}/messages/{messageId}
        PUT /api/{session}/chats/{chatId}/messages/{messageId}
        POST /api/{session}/chats/{chatId}/messages/{messageId}/pin
        POST /api/{session}/chats/{chatId}/messages/{messageId}/unpin
        GET /api/{session}/chats/{chatId}/picture
        POST /api/{session}/chats/{chatId}/unarchive
        POST /api/{session}/chats/{chatId}/unread
        [Chatting]
        GET /api/checkNumberStatus
        POST /api/forwardMessage
        PUT /api/reaction
        POST /api/reply
        POST /api/send/buttons/reply
        POST /api/send/link-custom-preview
        POST /api/sendButtons
        POST /api/sendContactVcard
        POST /api/sendFile
        POST /api/sendImage
        POST /api/sendLinkPreview
        POST /api/sendList
        POST /api/sendLocation
        POST /api/sendPoll
        POST /api/sendPollVote
        POST /api/sendSeen
        GET /api/sendText
        POST /api/sendVideo
        POST /api/sendVoice
        PUT /api/star
        POST /api/startTyping
        POST /api/stopTyping
        GET /api/{session}/new-message-id
        [Contacts]
        GET /api/contacts/about
        POST /api/contacts/block
        GET /api/contacts/check-exists
        GET /api/contacts/profile-picture
        POST /api/contacts/unblock
        PUT /api/{session}/contacts/{chatId}
        GET /api/{session}/lids
        GET /api/{session}/lids/count
        GET /api/{session}/lids/pn/{phoneNumber}
        GET /api/{session}/lids/{lid}
        [Events]
        POST /api/{session}/events
        [Groups]
        GET /api/{session}/groups
        POST /api/{session}/groups
        GET /api/{session}/groups/count
        POST /api/{session}/groups/join
        GET /api/{session}/groups/join-info
        POST /api/{session}/groups/refresh
        DELETE /api/{session}/groups/{id}
        GET /api/{session}/groups/{id}
        POST /api/{session}/groups/{id}/admin/demote
        POST /api/{session}/groups/{id}/admin/promote
        PUT /api/{session}/groups/{id}/description
        GET /api/{session}/groups/{id}/invite-code
        POST /api/{session}/groups/{id}/invite-code/revoke
        POST /api/{session}/groups/{id}/leave
        GET /api/{session}/groups/{id}/participants
        POST /api/{session}/groups/{id}/participants/add
        POST /api/{session}/groups/{id}/participants/remove
        GET /api/{session}/groups/{id}/participants/v2
        DELETE /api/{session}/groups/{id}/picture
        GET /api/{session}/groups/{id}/picture
        PUT /api/{session}/groups/{id}/picture
        GET /api/{session}/groups/{id}/settings/security/info-admin-only
        PUT /api/{session}/groups/{id}/settings/security/info-admin-only
        GET /api/{session}/groups/{id}/settings/security/messages-admin-only
        PUT /api/{session}/groups/{id}/settings/security/messages-admin-only
        PUT /api/{session}/groups/{id}/subject
        [Labels]
        GET /api/{session}/labels
        POST /api/{session}/labels
        GET /api/{session}/labels/chats/{chatId}
        PUT /api/{session}/labels/chats/{chatId}
        DELETE /api/{session}/labels/{labelId}
        PUT /api/{session}/labels/{labelId}
        GET /api/{session}/labels/{labelId}/chats
        [Media]
        POST /api/{session}/media/convert/video
        POST /api/{session}/media/convert/voice
        [Observability]
        GET /api/server/debug/browser/trace/{session}
        GET /api/server/debug/cpu
        GET /api/server/debug/heapsnapshot
        [Pairing]
        POST /api/{session}/auth/passkey
        GET /api/{session}/auth/passkey/challenge
        POST /api/{session}/auth/passkey/confirm
        GET /api/{session}/auth/passkey/confirmation
        [Presence]
        GET /api/{session}/presence
        POST /api/{session}/presence
        GET /api/{session}/presence/{chatId}
        POST /api/{session}/presence/{chatId}/subscribe
        [Profile]
        GET /api/{session}/profile
        PUT /api/{session}/profile/name
        DELETE /api/{session}/profile/picture
        PUT /api/{session}/profile/picture
        PUT /api/{session}/profile/status
        [Sessions]
        [Status]
        POST /api/{session}/status/delete
        POST /api/{session}/status/image
        GET /api/{session}/status/new-message-id
        POST /api/{session}/status/text
        POST /api/{session}/status/video
        POST /api/{session}/status/voice
        """;

    /// <summary>The note that marks such a route.</summary>
    public const string Note = "not there yet";

    public static void Map(IEndpointRouteBuilder api)
    {
        var group = "";
        foreach (var line in Operations.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '[') group = line.Trim('[', ']');
            else if (line.Split(' ') is [var method, var path]) api.MapMethods(path, [method], Refuse).WithTags(group).WithSummary(Note);
        }
    }

    private static IResult Refuse() => throw new NotInThisEngineException();
}
