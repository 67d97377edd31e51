namespace Footbridge.Server.Config;

/// <summary>One environment variable: how it is read and what it does. docs/configuration.md is made from these.</summary>
internal sealed record Setting(string Name, string Default, string Meaning, Action<Settings, string> Apply);
