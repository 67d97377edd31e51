namespace Footbridge.Engine.AppState;

/// <summary>The account's shared state cannot be changed now; the text says why and what it waits for.</summary>
public sealed class AppStateUnavailableException(string message) : Exception(message);
