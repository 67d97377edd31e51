using Microsoft.Extensions.Logging;

namespace Footbridge.SystemTests.Engine;

/// <summary>What was logged, by the events' names, for tests that wait for what only the log tells of.</summary>
internal sealed class WaitableLog : ILogger
{
    private readonly Lock _gate = new();
    private readonly List<(string Name, string Text)> _lines = [];
    private readonly List<(Func<string, string, bool> Matches, TaskCompletionSource<string> Found)> _waiting = [];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var (name, text) = (eventId.Name ?? "", formatter(state, exception));
        lock (_gate)
        {
            _lines.Add((name, text));
            foreach (var (matches, found) in _waiting)
            {
                if (matches(name, text)) found.TrySetResult(text);
            }
        }
    }

    /// <summary>The first line of an event, past or to come, that contains a text.</summary>
    public Task<string> WaitAsync(string name, string text, CancellationToken ct)
    {
        bool Matches(string n, string t) => n == name && t.Contains(text, StringComparison.Ordinal);
        lock (_gate)
        {
            if (_lines.FirstOrDefault(line => Matches(line.Name, line.Text)).Text is { } past) return Task.FromResult(past);
            var waiter = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((Matches, waiter));
            return waiter.Task.WaitAsync(ct);
        }
    }
}
