using System.CommandLine;

namespace Footbridge.Server.Apps.Chatwoot.Commands;

internal enum OptionKind
{
    /// <summary>There or not there; it takes no value.</summary>
    Flag,
    Text,
    Choice,

    /// <summary>A whole number, not below zero.</summary>
    Number,
    Duration,
}

/// <summary>An option as it is written; what stands behind it is checked by <see cref="CommandLine"/>, which can say in the agent's language what is wrong.</summary>
internal sealed class CommandOption : Option<string?>
{
    private CommandOption(OptionKind kind, string name, string? alias, string description, string? standard) : base(name, alias is null ? [] : [alias])
    {
        (Kind, Standard, Description) = (kind, standard, description);
        Arity = kind == OptionKind.Flag ? ArgumentArity.Zero : ArgumentArity.ZeroOrOne;
    }

    public OptionKind Kind { get; }

    /// <summary>The value without the option; null when there is none.</summary>
    public string? Standard { get; }

    /// <summary>The value of the option alone; null when it needs one.</summary>
    public string? Bare { get; private init; }

    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <param name="description">A key of the texts.</param>
    public static CommandOption Flag(string name, string? alias, string description) => new(OptionKind.Flag, name, alias, description, null);

    public static CommandOption Text(string name, string alias, string description, string standard) => new(OptionKind.Text, name, alias, description, standard);

    public static CommandOption Number(string name, string alias, string description, int standard, bool mayBeBare = false) =>
        new(OptionKind.Number, name, alias, description, standard.ToString(System.Globalization.CultureInfo.InvariantCulture))
        {
            Bare = mayBeBare ? standard.ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
        };

    public static CommandOption Duration(string name, string alias, string description, string standard) => new(OptionKind.Duration, name, alias, description, standard);

    /// <param name="bare">What it means without a value.</param>
    public static CommandOption Choice(string name, string alias, string description, string? standard, string? bare, params IReadOnlyList<string> choices) =>
        new(OptionKind.Choice, name, alias, description, standard) { Bare = bare, Choices = choices };
}
