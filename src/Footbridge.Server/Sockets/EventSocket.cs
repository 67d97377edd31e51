using Footbridge.Server.Config;
using Footbridge.Server.Security.Keys;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Sockets;

/// <summary>The event stream at <c>/ws</c>. Source: docs/webhooks.md.</summary>
internal static class EventSocket
{
    public const string Path = "/ws";

    /// <summary>A close frame's reason has room for so many bytes (RFC 6455).</summary>
    private const int MaxReason = 100;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet(Path, HandleAsync).ExcludeFromDescription();

    private static async Task HandleAsync(HttpContext context, LiveEvents events, Settings settings, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest) throw new InvalidRequestException("this address speaks WebSocket only");
        var query = context.Request.Query;
        var selection = Selection(query["events"]);
        var session = query["session"].FirstOrDefault() is { Length: > 0 } name ? name : EventNames.All;
        var caller = ApiCaller.Of(context);
        var refusal = caller is null ? "Unauthorized"
            : !caller.May(KeyActions.Read) || (session != EventNames.All && !caller.IsAdmin && session != caller.Session) ? "Forbidden"
            : selection.Names.FirstOrDefault(one => !EventNames.IsKnown(one)) is { } unknown ? $"Unknown event {unknown}"
            : null;
        using var feed = new SocketFeed(settings.SocketQueue);
        // Before the other side hears that it is connected: what happens from then on must not be missed.
        using var listening = refusal is not null ? null : events.Listen(heard =>
        {
            if ((session == EventNames.All || heard.Session == session) && (caller!.IsAdmin || heard.Session == caller.Session) && selection.Includes(heard.Name)) feed.Offer(heard.Bytes);
        });
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = settings.SocketPing, KeepAliveTimeout = settings.SocketPing });
        // A browser learns of a refusal only by a code: it is told nothing of an answer to the handshake.
        if (refusal is null) await feed.RunAsync(socket, lifetime.ApplicationStopping);
        else await feed.RefuseAsync(socket, refusal.Length > MaxReason ? refusal[..MaxReason] : refusal);
    }

    private static EventSelection Selection(IEnumerable<string?> values)
    {
        var names = values.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        return new(names.Count == 0 ? [EventNames.All] : names);
    }
}
