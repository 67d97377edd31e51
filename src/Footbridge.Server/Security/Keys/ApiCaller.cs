namespace Footbridge.Server.Security.Keys;

/// <summary>Whose key a request brought; the gate puts it into the request's features.</summary>
/// <param name="Session">The only session it may touch; null for an admin.</param>
internal sealed record ApiCaller(string? Session, KeyActions Actions)
{
    public static ApiCaller Admin { get; } = new(null, KeyActions.Usual | KeyActions.Delete);

    public bool IsAdmin => Session is null;

    public bool May(KeyActions action) => Actions.HasFlag(action);

    /// <summary>Null: the request was let in without a key.</summary>
    public static ApiCaller? Of(HttpContext context) => context.Features.Get<ApiCaller>();

    /// <exception cref="ForbiddenException">The caller's key is for another session.</exception>
    public void RequireSession(string session)
    {
        if (!IsAdmin && session != Session) throw new ForbiddenException();
    }
}

/// <summary>The key is valid and may not do this (403).</summary>
internal sealed class ForbiddenException() : Exception("Forbidden");
