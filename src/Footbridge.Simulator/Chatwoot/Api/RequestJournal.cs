using System.Text.Json;
using System.Text.Json.Nodes;

namespace Footbridge.Simulator.Chatwoot.Api;

/// <summary>A request that came in; the body only if it was JSON.</summary>
internal sealed record JournalEntry(string Method, string Path, JsonNode? Body);

/// <summary>Keeps what was asked, in order, before any fault, so that tests can look at it.</summary>
internal sealed class RequestJournal
{
    private readonly Lock _gate = new();
    private readonly List<JournalEntry> _entries = [];

    public IReadOnlyList<JournalEntry> Entries
    {
        get
        {
            lock (_gate) return [.. _entries];
        }
    }

    public async Task KeepAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        JsonNode? body = null;
        if (request.HasJsonContentType())
        {
            request.EnableBuffering();
            body = await ReadAsync(request.Body, context.RequestAborted);
            request.Body.Position = 0;
        }

        lock (_gate) _entries.Add(new(request.Method, request.Path + request.QueryString, body));
        await next(context);
    }

    private static async Task<JsonNode?> ReadAsync(Stream body, CancellationToken ct)
    {
        try
        {
            return await JsonNode.ParseAsync(body, cancellationToken: ct);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
