namespace Footbridge.Simulator.Chatwoot.State;

/// <summary>Chatwoot refuses a request. The attributes name the fields of a record that is not valid; without them the body is <c>{"error"}</c>.</summary>
internal sealed class SimRefusal(int status, string message, params string[] attributes) : Exception(message)
{
    public int Status { get; } = status;

    public IReadOnlyList<string> Attributes { get; } = attributes;

    public static SimRefusal NotFound() => new(404, "Resource could not be found");

    public static SimRefusal Invalid(string message, params string[] attributes) => new(422, message, attributes);
}
