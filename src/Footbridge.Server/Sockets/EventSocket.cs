using Footbridge.Server.Config;
using Footbridge.Server.Security;
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

    private static async Task HandleAsync(HttpContext context, Secrets secrets, LiveEvents events, Settings settings, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest) throw new InvalidRequestException("this address speaks WebSocket only");
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = settings.SocketPing, KeepAliveTimeout = settings.SocketPing });
        var query = context.Request.Query;
        var selection = Selection(query["events"]);
        // A browser learns of a refusal only by a code: it is told nothing of an answer to the handshake.
        var refusal = !secrets.IsApiKey(Key(context.Request)) ? "Unauthorized"
            : selection.Names.FirstOrDefault(name => !EventNames.IsKnown(name)) is { } unknown ? $"Unknown event {unknown}"
            : null;
        using var feed = new SocketFeed(socket, settings.SocketQueue);
        if (refusal is not null)
        {
            await feed.RefuseAsync(refusal.Length > MaxReason ? refusal[..MaxReason] : refusal);
            return;
        }

        var session = query["session"].FirstOrDefault() is { Length: > 0 } name ? name : EventNames.All;
        using var listening = events.Listen(heard =>
        {
            if ((session == EventNames.All || heard.Session == session) && selection.Includes(heard.Name)) feed.Offer(heard.Bytes);
        });
        await feed.RunAsync(lifetime.ApplicationStopping);
    }

    private static string? Key(HttpRequest request) => request.Headers["X-Api-Key"].FirstOrDefault() ?? request.Query["x-api-key"].FirstOrDefault();

    private static EventSelection Selection(IEnumerable<string?> values)
    {
        var names = values.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        return new(names.Count == 0 ? [EventNames.All] : names);
    }
}
