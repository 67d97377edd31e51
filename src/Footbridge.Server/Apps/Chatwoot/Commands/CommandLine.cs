using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.Commands;

/// <summary>Reads a command as an agent wrote it: prefix, markup, line breaks and capitals do not count.</summary>
internal static class CommandLine
{
    public const string DefaultPrefix = "wa/";
    private const string Help = "help";

    // A line names no files to read more of it from: only operators may choose what is read here.
    private static readonly ParserConfiguration Plain = new() { ResponseFileTokenReplacer = null };

    public static CommandRequest Read(string content, string prefix = DefaultPrefix)
    {
        var line = string.Join(' ', content.Split('\n').Select(part => part.TrimStart())).Trim();
        if (line.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) line = line[prefix.Length..];
        // Phones begin a message with a capital.
        var plain = new string([.. line.Where(c => !"*_~`".Contains(c, StringComparison.Ordinal))]).ToLowerInvariant();
        var words = CommandLineParser.SplitCommandLine(plain).ToList();
        var asksForHelp = words is [] or [Help, ..] or [.., Help] || words.Any(word => word is "--help" or "-h");
        words.RemoveAll(word => word is Help or "--help" or "-h");
        var read = CommandTree.Root.Parse(words, Plain);
        var problem = ProblemIn(read, string.Join(' ', words));
        return new(read, asksForHelp && (problem is null || read.CommandResult.Command != CommandTree.Root), problem);
    }

    /// <summary>The word that was probably meant, or null.</summary>
    public static string? Nearest(string written, IEnumerable<string> words)
    {
        var best = words.Select(word => (Word: word, Distance: Distance(word, written))).MinBy(word => word.Distance);
        return best.Word is { } found && best.Distance <= Math.Max(1, found.TrimStart('-').Length / 2) ? found : null;
    }

    private static CommandProblem? ProblemIn(ParseResult read, string line)
    {
        var command = read.CommandResult.Command;
        if (command == CommandTree.Root)
        {
            return read.UnmatchedTokens is [] ? null : new(Key.CommandUnknown, prefix => new { prefix, command = line, near = Nearest(line, command.Subcommands.Select(c => c.Name).Append(Help)) });
        }

        var arguments = command.Arguments.OfType<CommandArgument>().Select(argument => ProblemOf(command, argument, Values(read, argument)));
        var left = read.UnmatchedTokens.Select(token => token.StartsWith('-') ? UnknownOption(command, token) : new CommandProblem(Key.CommandTooMany, _ => new { command = command.Name, value = token }));
        var options = command.Options.OfType<CommandOption>().Select(option => ProblemOf(option, read.GetResult(option)));
        return arguments.Concat(options).Concat(left).FirstOrDefault(problem => problem is not null);
    }

    private static CommandProblem? ProblemOf(Command command, CommandArgument argument, IReadOnlyList<string> values)
    {
        // What is no known option fills a free place.
        if (values.FirstOrDefault(value => value.StartsWith('-')) is { } option) return UnknownOption(command, option);
        if (values is not [var value, ..]) return null;
        if (argument.IsDuration && Duration.Parse(value) is null) return new(Key.CommandWrongDuration, _ => new { value });
        if (argument.Choices.Count == 0 || argument.Choices.Contains(value)) return null;
        var near = Nearest(value, argument.Choices) is { } action ? $"{command.Name} {action}" : null;
        return new(Key.CommandUnknown, prefix => new { prefix, command = $"{command.Name} {value}", near });
    }

    private static CommandProblem? ProblemOf(CommandOption option, OptionResult? result)
    {
        if (result is null or { Implicit: true } || option.Kind == OptionKind.Flag) return null;
        if (result.Tokens is not [.., { Value: var value }]) return option.Bare is null ? new(Key.CommandNeedsValue, _ => new { option = option.Name }) : null;
        return option.Kind switch
        {
            OptionKind.Choice when !option.Choices.Contains(value) => new(Key.CommandWrongValue, _ => new { value, option = option.Name, choices = string.Join(", ", option.Choices) }),
            OptionKind.Number when !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) => new(Key.CommandWrongNumber, _ => new { value, option = option.Name }),
            OptionKind.Duration when Duration.Parse(value) is null => new(Key.CommandWrongDuration, _ => new { value }),
            _ => null,
        };
    }

    private static CommandProblem UnknownOption(Command command, string option) =>
        new(Key.CommandUnknownOption, _ => new { command = command.Name, option, near = Nearest(option, command.Options.Select(o => o.Name)) });

    internal static IReadOnlyList<string> Values(ParseResult read, CommandArgument argument) => [.. read.GetResult(argument)?.Tokens.Select(token => token.Value) ?? []];

    /// <summary>How many letters have to be put in, taken out or replaced.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}

/// <summary>What is wrong with a command, as a text to say.</summary>
/// <param name="Key">Of the texts.</param>
/// <param name="Model">What it is given, by what has to stand before commands where it is said.</param>
internal sealed record CommandProblem(string Key, Func<string, object> Model);

/// <summary>A command as it was read.</summary>
/// <param name="asksForHelp">About <see cref="Command"/>.</param>
internal sealed class CommandRequest(ParseResult read, bool asksForHelp, CommandProblem? problem)
{
    public Command Command => read.CommandResult.Command;

    public bool AsksForHelp => asksForHelp;

    /// <summary>Null when it can be carried out.</summary>
    public CommandProblem? Problem => asksForHelp ? null : problem;

    /// <summary>The words of an argument; null when there are none.</summary>
    public string? Text(CommandArgument argument) => CommandLine.Values(read, argument) is { Count: > 0 } words ? string.Join(' ', words) : argument.Standard;

    public TimeSpan Span(CommandArgument argument) => Duration.Parse(Text(argument)!)!.Value;

    public bool Has(CommandOption flag) => read.GetResult(flag) is { Implicit: false };

    public string? Text(CommandOption option) => read.GetResult(option) is { Implicit: false } result ? result.Tokens is [.., { Value: var value }] ? value : option.Bare : option.Standard;

    public int Number(CommandOption option) => int.Parse(Text(option)!, CultureInfo.InvariantCulture);

    public TimeSpan Span(CommandOption option) => Duration.Parse(Text(option)!)!.Value;

    /// <summary>For logs: the command and what it is to do, without what was written behind it.</summary>
    public override string ToString() => string.Join(' ', Command.Arguments.OfType<CommandArgument>().Where(argument => argument.Choices.Count > 0).Select(Text).Prepend(Command.Name).OfType<string>());
}
