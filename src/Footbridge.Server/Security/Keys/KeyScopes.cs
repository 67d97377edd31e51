using System.Collections.Frozen;

namespace Footbridge.Server.Security.Keys;

/// <summary>What a key must be allowed to for each route. What is not named here needs an admin, unless it names its session in its path: then reading is <c>read</c> and all else <c>send</c>.</summary>
internal static class KeyScopes
{
    private const string SessionRoutes = "/api/{session}/";
    private const string NoRoute = "{**path}";

    private const string Exceptions = """
        [None]
        GET /health
        GET /api/version
        GET /api/server/version
        GET /api/server/status
        GET /api/sessions
        GET /api/sessions/{session}
        GET /api/files/{session}/{file}
        GET /api/files/{file}
        [Read]
        GET /api/sessions/{session}/me
        GET /api/messages
        GET /api/checkNumberStatus
        GET /api/contacts
        GET /api/contacts/all
        GET /api/contacts/about
        GET /api/contacts/check-exists
        GET /api/contacts/profile-picture
        POST /api/{session}/chats/overview
        POST /api/{session}/channels/search/by-text
        POST /api/{session}/channels/search/by-view
        [Send]
        GET /api/sendText
        POST /api/sendText
        POST /api/sendImage
        POST /api/sendFile
        POST /api/sendVoice
        POST /api/sendVideo
        POST /api/sendPoll
        POST /api/sendPollVote
        POST /api/sendList
        POST /api/sendButtons
        POST /api/sendLocation
        POST /api/sendContactVcard
        POST /api/sendLinkPreview
        POST /api/send/buttons/reply
        POST /api/send/link-custom-preview
        POST /api/reply
        POST /api/forwardMessage
        POST /api/sendSeen
        POST /api/startTyping
        POST /api/stopTyping
        PUT /api/reaction
        PUT /api/star
        POST /api/contacts/block
        POST /api/contacts/unblock
        GET /api/{session}/new-message-id
        GET /api/{session}/status/new-message-id
        [Control]
        GET /api/screenshot
        GET /api/{session}/auth/qr
        POST /api/{session}/auth/request-code
        POST /api/{session}/auth/passkey
        GET /api/{session}/auth/passkey/challenge
        POST /api/{session}/auth/passkey/confirm
        GET /api/{session}/auth/passkey/confirmation
        POST /api/sessions/{session}/start
        POST /api/sessions/{session}/stop
        POST /api/sessions/{session}/restart
        POST /api/sessions/{session}/logout
        POST /api/sessions/{session}/link
        [Setting]
        PUT /api/sessions/{session}
        [App]
        GET /api/apps
        POST /api/apps
        GET /api/apps/chatwoot/locales
        GET /api/apps/{id}
        PUT /api/apps/{id}
        DELETE /api/apps/{id}
        GET /api/apps/{id}/doctor
        POST /api/apps/{id}/doctor
        GET /api/apps/{id}/reconciliation
        GET /api/apps/{id}/messages/{messageId}/timeline
        [Delete]
        DELETE /api/sessions/{session}
        """;

    private static readonly FrozenDictionary<string, KeyActions> Named = Read().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The routes that have a line of their own, as <c>METHOD /pattern</c>.</summary>
    public static IEnumerable<string> Lines => Named.Keys;

    /// <summary>What a session's key must be allowed to; <see cref="KeyActions.None"/>: any key will do; null: only an admin's.</summary>
    /// <param name="pattern">The route as it was mapped; null: no route.</param>
    public static KeyActions? Of(string method, string? pattern)
    {
        // There is nothing behind an address without a route, which any key may hear.
        if (pattern is null or NoRoute) return KeyActions.None;
        if (Named.TryGetValue($"{method} {pattern}", out var action)) return action;
        if (!pattern.StartsWith(SessionRoutes, StringComparison.Ordinal)) return null;
        return HttpMethods.IsGet(method) ? KeyActions.Read : KeyActions.Send;
    }

    private static IEnumerable<KeyValuePair<string, KeyActions>> Read()
    {
        var action = KeyActions.None;
        foreach (var line in Exceptions.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '[') action = Enum.Parse<KeyActions>(line.Trim('[', ']'));
            else yield return new(line, action);
        }
    }
}
