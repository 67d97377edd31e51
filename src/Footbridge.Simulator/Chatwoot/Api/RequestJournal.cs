using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;

namespace Footbridge.Simulator.Chatwoot.Api;

/// <summary>A request that came in; the body only if it was JSON.</summary>
internal sealed record JournalEntry(string Method, string Path, JsonNode? Body)
{
    /// <summary>The parts of a form in their order, once a route has read it.</summary>
    public IReadOnlyList<JournalPart> Parts { get; set; } = [];
}

/// <summary>One part of a form: a field with its value, or a file.</summary>
internal sealed record JournalPart(string Name, string? Value, string? FileName, string? ContentType, long Bytes);

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

        var entry = new JournalEntry(request.Method, request.Path + request.QueryString, body);
        lock (_gate) _entries.Add(entry);
        // Reading a form here would keep faults from meeting it on its way; before the answer begins it has been read by whom it is for.
        context.Response.OnStarting(() =>
        {
            if (context.Features.Get<IFormFeature>()?.Form is { } form) entry.Parts = PartsOf(form);
            return Task.CompletedTask;
        });
        await next(context);
    }

    private static List<JournalPart> PartsOf(IFormCollection form) =>
    [
        .. form.SelectMany(field => field.Value.Select(value => new JournalPart(field.Key, value, null, null, value?.Length ?? 0))),
        .. form.Files.Select(file => new JournalPart(file.Name, null, file.FileName, file.ContentType, file.Length)),
    ];

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
