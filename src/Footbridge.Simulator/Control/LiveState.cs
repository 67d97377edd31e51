using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Footbridge.Simulator.Control;

/// <summary>The state of everything, once or as a stream of server-sent events: a whole picture after each change.</summary>
internal sealed class LiveState(SimulatedWorld world, Func<JsonObject?> session, CancellationToken stopping)
{
    public void Map(IEndpointRouteBuilder web)
    {
        web.MapGet("/api/state", Describe);
        web.MapGet("/api/events", (CancellationToken ct) => TypedResults.ServerSentEvents(WatchAsync(ct), "state"));
    }

    private JsonObject Describe()
    {
        var state = world.Describe();
        if (session() is { } shape) state["session"] = shape;
        return state;
    }

    private async IAsyncEnumerable<string> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, stopping);
        // One slot: changes that come while a picture is on its way are all in the next one.
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Note() => changes.Writer.TryWrite(true);
        world.Changed += Note;
        try
        {
            Note();
            while (await NextAsync(changes.Reader, either.Token)) yield return Describe().ToJsonString();
        }
        finally
        {
            world.Changed -= Note;
        }
    }

    /// <summary>False when the watcher left or the program ends: neither is an error.</summary>
    private static async Task<bool> NextAsync(ChannelReader<bool> changes, CancellationToken ct)
    {
        try
        {
            return await changes.ReadAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
