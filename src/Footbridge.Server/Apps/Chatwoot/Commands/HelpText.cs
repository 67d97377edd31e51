using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.Commands;

/// <summary>What commands there are, for who asks.</summary>
internal static class HelpText
{
    private static readonly (string Name, string Description)[] Session =
    [
        ("status", Key.CliCmdSessionStatusDescription), ("restart", Key.CliCmdSessionRestartDescription), ("start", Key.CliCmdSessionStartDescription),
        ("stop", Key.CliCmdSessionStopDescription), ("logout", Key.CliCmdSessionLogoutDescription), ("qr", Key.CliCmdSessionQrDescription), ("help", Key.CommandHelp),
    ];

    private static readonly (string Name, string Description)[] Queue =
    [
        ("status", Key.CliCmdQueueStatusDescription), ("start", Key.CliCmdQueueStartDescription), ("stop", Key.CliCmdQueueStopDescription),
    ];

    /// <param name="withQueues">Commands an app may not use are left out.</param>
    public static string Of(Words words, bool withQueues)
    {
        var blocks = new List<string>
        {
            words.Say(Key.CliCmdRootDescription),
            $"{words.Say(Key.CliHelpUsageTitle)} **{words.Say(Key.CliUsageCommand)}**",
            $"{words.Say(Key.CliCmdRootSubSession)}\n{Lines(words, "", Session)}",
        };
        if (withQueues) blocks.Add($"{words.Say(Key.CliCmdRootSubQueue)}\n{Lines(words, "", [("queue", Key.CliCmdQueueSummary)])}");
        return string.Join("\n\n", blocks);
    }

    public static string OfQueues(Words words) => string.Join(
        "\n\n",
        words.Say(Key.CliCmdQueueDescription),
        Lines(words, "queue ", [.. Queue.Select(action => (action.Name + " [name]", action.Description))]),
        $"{words.Say(Key.CliHelpArgumentsTitle)}\n{Lines(words, "", [("name", Key.CliCmdQueueArgumentName)])}");

    private static string Lines(Words words, string before, IEnumerable<(string Name, string Description)> entries) =>
        string.Join('\n', entries.Select(entry => $"- **{before}{entry.Name}** - {words.Say(entry.Description)}"));
}
