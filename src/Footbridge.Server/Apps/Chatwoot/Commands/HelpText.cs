using System.CommandLine;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.Commands;

/// <summary>What a command is for and how it is written, in the order: description, usage, commands, arguments, options.</summary>
/// <param name="prefix">What stands before every command where the agent asks; empty where nothing has to.</param>
internal sealed class HelpText(Words words, ChatwootConfig config, string prefix)
{
    /// <summary>About one command, or with <see cref="CommandTree.Root"/> about all that the app may use.</summary>
    public string Of(Command command)
    {
        var about = words.Say(command.Description!);
        if (command == CommandTree.Contacts || command == CommandTree.Messages) about = $"{about}\n{words.Say(Key.PullCancel)}";
        var blocks = new List<string> { about, Usage(command) };
        if (command == CommandTree.Root) blocks.AddRange(CommandTree.Shown.Where(IsUsable).Select(group => $"{words.Say(group.Heading)}\n{Lines(group.Commands.Select(c => ($"**{prefix}{c.Command.Name}**", words.Say(c.Summary))))}"));
        if (command.Arguments.OfType<CommandArgument>().ToList() is { Count: > 0 } arguments) blocks.Add($"{words.Say(Key.CliHelpArgumentsTitle)}\n{Lines(arguments.Select(Describe))}");
        if (command.Options.OfType<CommandOption>().ToList() is { Count: > 0 } options) blocks.Add($"{words.Say(Key.CliHelpOptionsDefaultGroup)}\n{Lines(options.Select(Describe))}");
        return string.Join("\n\n", blocks);
    }

    private string Usage(Command command)
    {
        var path = command == CommandTree.Root ? prefix + words.Say(Key.CliUsageCommand) : prefix + command.Name;
        var arguments = command.Arguments.OfType<CommandArgument>().Select((argument, i) => i == 0 ? words.Say(Key.CliUsageArguments) : $"[{argument.Name}]");
        var options = command.Options.Count > 0 ? [words.Say(Key.CliUsageOptions)] : Array.Empty<string>();
        return $"{words.Say(Key.CliHelpUsageTitle)} **{string.Join(' ', [path, .. arguments, .. options])}**";
    }

    /// <summary>What an app may not use is left out.</summary>
    private bool IsUsable((string Heading, IReadOnlyList<(Command Command, string Summary)> Commands) group) =>
        (config.AllowsQueueCommands || group.Heading != Key.CliCmdRootSubQueue) && (config.AllowsServerCommands || group.Heading != Key.CliCmdRootSubServer);

    private (string Name, string Text) Describe(CommandArgument argument) => ($"**{argument.Name}**", WithStandard(argument.Description!, argument.Standard));

    private (string Name, string Text) Describe(CommandOption option)
    {
        // The short form first.
        var names = string.Join(", ", option.Aliases.Append(option.Name).OrderBy(name => name.Length));
        var value = option.Kind switch
        {
            OptionKind.Choice when option.Bare is not null => $" [{string.Join('|', option.Choices)}]",
            OptionKind.Choice => $" <{string.Join('|', option.Choices)}>",
            OptionKind.Number when option.Bare is not null => " [n]",
            OptionKind.Number => " <n>",
            OptionKind.Duration => " <duration>",
            OptionKind.Text => " <id>",
            _ => "",
        };
        return ($"`{names}{value}`", WithStandard(option.Description!, option.Standard));
    }

    private string WithStandard(string key, string? standard) => standard is null ? words.Say(key) : $"{words.Say(key)} ({words.Say(Key.CommandDefault, new { value = standard })})";

    private static string Lines(IEnumerable<(string Name, string Text)> entries) => string.Join('\n', entries.Select(entry => $"- {entry.Name} - {entry.Text}"));
}
