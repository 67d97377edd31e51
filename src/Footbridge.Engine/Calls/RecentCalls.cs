using Footbridge.Engine.Events;
using Footbridge.Engine.Store;

namespace Footbridge.Engine.Calls;

/// <summary>A call as its offer described it; later steps of the call do not repeat it.</summary>
internal sealed record RecentCall(string CallId, Party From, Party? Group, bool IsVideo);

/// <summary>The last calls of this run, by id. Thread-safe.</summary>
internal sealed class RecentCalls
{
    private const int MaxCalls = 256;
    private readonly Lock _gate = new();
    private readonly GenerationCache<RecentCall> _calls = new(MaxCalls);

    public void Add(RecentCall call)
    {
        lock (_gate) _calls.Set(call.CallId, call);
    }

    public RecentCall? Find(string callId)
    {
        lock (_gate) return _calls.TryGet(callId, out var call) ? call : null;
    }

    /// <summary>The same event for each way to hear that a call is over.</summary>
    public static CallEnded Ended(RecentCall call, DateTimeOffset time, string? reason) =>
        new($"call:{call.CallId}:ended", time, call.CallId, call.From, call.Group, call.IsVideo, reason);
}
