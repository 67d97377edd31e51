namespace Footbridge.Engine.Connection;

/// <summary>The server answered a query with an error.</summary>
public sealed class QueryFailedException(int code, string text) : Exception($"WhatsApp answered {code} {text}")
{
    public int Code { get; } = code;

    public string Text { get; } = text;
}
