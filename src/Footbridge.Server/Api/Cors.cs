namespace Footbridge.Server.Api;

/// <summary>Any page may call the API with a key that its user gave it; cookies and passwords are not shared, so nothing is opened by itself.</summary>
internal static class Cors
{
    public static Task AllowAsync(HttpContext context, RequestDelegate next)
    {
        var (request, headers) = (context.Request, context.Response.Headers);
        headers.AccessControlAllowOrigin = "*";
        if (!HttpMethods.IsOptions(request.Method) || request.Headers.AccessControlRequestMethod.Count == 0) return next(context);
        headers.AccessControlAllowMethods = "GET,HEAD,PUT,PATCH,POST,DELETE";
        if (request.Headers.AccessControlRequestHeaders is { Count: > 0 } asked) headers.AccessControlAllowHeaders = asked;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
