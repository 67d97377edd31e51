using Footbridge.Server.Apps;

namespace Footbridge.Server.Security.Keys;

/// <summary>Keeps a session's key within its session and to what it may do. The body's session is looked at where bodies are read: <see cref="Api.RequestBody"/>.</summary>
internal sealed class KeyGuard(AppRegistry apps)
{
    private const string Session = "session";

    /// <summary>Checks the route, the path and the query. A session that is not named is the key's own from here on.</summary>
    /// <exception cref="ForbiddenException">The key may not do this.</exception>
    public void Check(HttpContext context, ApiCaller caller)
    {
        if (caller.IsAdmin) return;
        var request = context.Request;
        var pattern = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        if (KeyScopes.Of(request.Method, pattern) is not { } action || !caller.May(action)) throw new ForbiddenException();
        if (request.RouteValues.TryGetValue(Session, out var named)) caller.RequireSession(named?.ToString() ?? "");
        if (IsOfApp(pattern) && apps.Find(request.RouteValues["id"]?.ToString() ?? "") is { } app) caller.RequireSession(app.Session);
        if (request.Query.TryGetValue(Session, out var asked))
        {
            foreach (var session in asked.Where(session => !string.IsNullOrEmpty(session))) caller.RequireSession(session!);
        }

        if (asked.All(string.IsNullOrEmpty)) request.QueryString = Without(request, Session).Add(Session, caller.Session!);
    }

    /// <summary>A request's query without one of its fields, whatever the case of its name.</summary>
    public static QueryString Without(HttpRequest request, string field) => QueryString.Create(
        request.Query.Where(pair => !pair.Key.Equals(field, StringComparison.OrdinalIgnoreCase)).SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value))));

    private static bool IsOfApp(string? pattern) => pattern?.StartsWith("/api/apps/{id}", StringComparison.Ordinal) ?? false;
}
