namespace Footbridge.Simulator;

/// <summary>Something the person who started the program can set right; the message says what.</summary>
internal sealed class SimulatorException(string message, Exception? inner = null) : Exception(message, inner);
