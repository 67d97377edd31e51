using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Footbridge.Server.Apps.Chatwoot.Setup;

/// <summary>The last callback of an app.</summary>
/// <param name="IsSigned">Null: there is no secret to check against.</param>
/// <param name="Fault">Why its signature does not hold, or null.</param>
internal sealed record HeardCallback(DateTimeOffset At, bool? IsSigned, string? Fault);

/// <summary>Sees the callbacks as they come in: when the last one was, how it was signed, and whether one that was asked for is among them.</summary>
internal sealed class CallbackWatch(TimeProvider time)
{
    /// <summary>The conversation's attribute that a callback is asked for with.</summary>
    public const string Mark = "footbridge_probe";

    private readonly ConcurrentDictionary<string, HeardCallback> _last = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _expected = new(StringComparer.Ordinal);

    public HeardCallback? LastOf(string app) => _last.GetValueOrDefault(app);

    public void Saw(string app, bool? isSigned, string? fault) => _last[app] = new(time.GetUtcNow(), isSigned, fault);

    public void Forget(string app) => _last.TryRemove(app, out _);

    /// <summary>Completes when a callback with this mark comes in.</summary>
    public Task ExpectAsync(string mark) => _expected.GetOrAdd(mark, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Unexpect(string mark) => _expected.TryRemove(mark, out _);

    public void Heard(JsonObject body)
    {
        if (_expected.IsEmpty) return;
        if (CallbackFields.Text(CallbackFields.Child(body["custom_attributes"], Mark)) is { } mark && _expected.TryGetValue(mark, out var waiting)) waiting.TrySetResult();
        else if (CallbackFields.Text(body["source_id"]) is { } source && _expected.TryGetValue(source, out waiting)) waiting.TrySetResult();
    }
}
