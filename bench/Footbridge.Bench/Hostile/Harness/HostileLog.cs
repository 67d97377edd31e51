using Footbridge.Engine.Connection;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Protocol;
using Microsoft.Extensions.Logging;

namespace Footbridge.Bench.Hostile.Harness;

/// <summary>Hears what the engine catches and only logs: a refusal, or an exception that nothing documents.</summary>
internal sealed class HostileLog : ILogger
{
    private static readonly string[] Refusals =
    [
        nameof(EngineLog.StanzaMalformed), nameof(EngineLog.HistoryTrouble), nameof(EngineLog.AppStateTrouble), nameof(EngineLog.LoginStepFailed), nameof(EngineLog.DecryptFailed), nameof(EngineLog.PasskeyIgnored),
    ];

    private Exception? _failure;

    public bool WasRefused { get; private set; }

    public void ThrowIfFailed()
    {
        if (_failure is { } failure) throw new InvalidOperationException("the engine caught what it should not have met", failure);
    }

    public static bool IsDocumented(Exception e) =>
        e is ProtocolException or QueryFailedException or TimeoutException or NotOnlineException or SendFailedException or MediaFailedException or OperationCanceledException;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null && !IsDocumented(exception)) _failure ??= exception;
        if (exception is not null || Refusals.Contains(eventId.Name, StringComparer.Ordinal)) WasRefused = true;
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
}
