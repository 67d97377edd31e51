using System.CommandLine;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.Commands;

/// <summary>Every command with its short form, arguments and options; descriptions are keys of the texts.</summary>
internal static class CommandTree
{
    public const string Pull = "pull";
    public const string Status = "status";
    public const string Cancel = "cancel";

    public static CommandArgument ContactsAction { get; } = new("action", Key.CliCmdContactsActionDescription, Pull, Status, Cancel);

    public static CommandArgument MessagesAction { get; } = new("action", Key.CliCmdMessagesActionDescription, Pull, Status, Cancel);

    public static CommandArgument End { get; } = new("end", Key.CliCmdMessagesPullArgumentEnd) { IsDuration = true, Standard = "1d" };

    public static CommandArgument Start { get; } = new("start", Key.CliCmdMessagesPullArgumentStart) { IsDuration = true, Standard = "0d" };

    public static CommandArgument QueueAction { get; } = new("action", Key.CliCmdQueueActionDescription, Status, "start", "stop");

    public static CommandArgument QueueName { get; } = new("name", Key.CliCmdQueueArgumentName) { Arity = ArgumentArity.ZeroOrMore };

    public static CommandArgument ServerAction { get; } = new("action", Key.CliCmdServerDescription, Status, "reboot");

    public static CommandOption Avatar { get; } = CommandOption.Choice("--avatar", "-a", Key.CliCmdContactsPullOptionAvatar, null, "if-missing", "if-missing", "update");

    public static CommandOption UpdateNames { get; } = CommandOption.Choice("--update-names", "-n", Key.CliCmdContactsPullOptionUpdateNames, "no", null, "no", "if-raw", "always");

    public static CommandOption ContactGroups { get; } = CommandOption.Flag("--groups", "-g", Key.CliCmdContactsPullOptionGroups);

    public static CommandOption Lids { get; } = CommandOption.Flag("--lids", "-l", Key.CliCmdContactsPullOptionLids);

    public static CommandOption NoAttributes { get; } = CommandOption.Flag("--no-attributes", "--na", Key.CliCmdContactsPullOptionNoAttributes);

    public static CommandOption ContactBatch { get; } = CommandOption.Number("--batch", "-b", Key.CliCmdContactsPullOptionBatch, 100);

    public static CommandOption ContactProgress { get; } = CommandOption.Number("--progress", "-p", Key.CliCmdContactsPullOptionProgress, 100, mayBeBare: true);

    public static CommandOption DelayContact { get; } = CommandOption.Duration("--delay-contact", "--dc", Key.CliCmdContactsPullOptionDelayContact, "0.1s");

    public static CommandOption DelayBatch { get; } = CommandOption.Duration("--delay-batch", "--db", Key.CliCmdContactsPullOptionDelayBatch, "1s");

    public static CommandOption Attempts { get; } = CommandOption.Number("--attempts", "--at", Key.CliCmdOptionsJobAttempts, 6);

    public static CommandOption Timeout { get; } = CommandOption.Duration("--timeout", "-t", Key.CliCmdOptionsJobTimeout, "10m");

    public static CommandOption Chat { get; } = CommandOption.Text("--chat", "-c", Key.CliCmdMessagesPullOptionChat, "all");

    public static CommandOption Again { get; } = CommandOption.Flag("--force", "-f", Key.CliCmdMessagesPullOptionForce);

    public static CommandOption NoDirect { get; } = CommandOption.Flag("--no-dm", "--nd", Key.CliCmdMessagesPullOptionNoDm);

    public static CommandOption Groups { get; } = CommandOption.Flag("--groups", "-g", Key.CliCmdMessagesPullOptionGroups);

    public static CommandOption Channels { get; } = CommandOption.Flag("--channels", "--ch", Key.CliCmdMessagesPullOptionChannels);

    public static CommandOption StatusPosts { get; } = CommandOption.Flag("--status", "-s", Key.CliCmdMessagesPullOptionStatus);

    public static CommandOption Broadcast { get; } = CommandOption.Flag("--broadcast", "--bc", Key.CliCmdMessagesPullOptionBroadcast);

    public static CommandOption Media { get; } = CommandOption.Flag("--media", "-m", Key.CliCmdMessagesPullOptionMedia);

    public static CommandOption Older { get; } = CommandOption.Flag("--older", "-o", Key.PullOptionOlder);

    public static CommandOption DryRun { get; } = CommandOption.Flag("--dry-run", "-d", Key.PullOptionDryRun);

    public static CommandOption Pause { get; } = CommandOption.Flag("--pause", null, Key.CliCmdMessagesPullOptionPause);

    public static CommandOption Resolve { get; } = CommandOption.Flag("--resolve-conversations", "--rc", Key.CliCmdMessagesPullOptionResolveConversations);

    public static CommandOption MessageBatch { get; } = CommandOption.Number("--batch", "-b", Key.CliCmdMessagesPullOptionBatch, 100);

    public static CommandOption MessageProgress { get; } = CommandOption.Number("--progress", "-p", Key.CliCmdMessagesPullOptionProgress, 1000, mayBeBare: true);

    public static CommandOption MediaTimeout { get; } = CommandOption.Duration("--timeout-media", "--tm", Key.CliCmdMessagesPullOptionTimeoutMedia, "30s");

    public static CommandOption Force { get; } = CommandOption.Flag("--force", "-f", Key.CliCmdServerRebootOptionForce);

    public static Command Contacts { get; } = new("contacts", Key.CliCmdContactsDescription)
    {
        ContactsAction, Avatar, UpdateNames, ContactGroups, Lids, NoAttributes, ContactBatch, ContactProgress, Attempts, Timeout, DelayContact, DelayBatch,
    };

    public static Command Messages { get; } = new("messages", Key.CliCmdMessagesDescription)
    {
        MessagesAction, End, Start, Chat, Again, NoDirect, Groups, Channels, StatusPosts, Broadcast, Media, Older, DryRun, Pause, Resolve,
        MessageBatch, MessageProgress, Attempts, Timeout, MediaTimeout,
    };

    public static Command Queue { get; } = new("queue", Key.CliCmdQueueDescription) { QueueAction, QueueName };

    public static Command Server { get; } = new("server", Key.CliCmdServerDescription) { ServerAction, Force };

    /// <summary>Those of a group as the list of commands shows them, each with what it says there.</summary>
    public static IReadOnlyList<(string Heading, IReadOnlyList<(Command Command, string Summary)> Commands)> Shown { get; } =
    [
        (Key.CliCmdRootSubSession,
        [
            Session("status", "1", Key.CliCmdSessionStatusDescription), Session("restart", "2", Key.CliCmdSessionRestartDescription), Session("start", "3", Key.CliCmdSessionStartDescription),
            Session("stop", "4", Key.CliCmdSessionStopDescription), Session("logout", "5", Key.CliCmdSessionLogoutDescription), Session("qr", "6", Key.CliCmdSessionQrDescription),
            Session("screenshot", "7", Key.CliCmdSessionScreenshotDescription), Session("link", null, Key.CommandLink), Session("doctor", null, Key.CommandDoctor), Session("help", null, Key.CommandHelp),
        ]),
        (Key.CliCmdRootSubSync, [(Contacts, Key.CliCmdContactsSummary), (Messages, Key.CliCmdMessagesSummary)]),
        (Key.CliCmdRootSubQueue, [(Queue, Key.CliCmdQueueSummary)]),
        (Key.CliCmdRootSubServer, [(Server, Key.CliCmdServerDescription)]),
    ];

    /// <summary>A plain command: the root of the library's own kind would read more into a line than commands have, files among it.</summary>
    public static Command Root { get; } = MakeRoot();

    private static Command MakeRoot()
    {
        Queue.Aliases.Add("q");
        var root = new Command("wa", Key.CliCmdRootDescription);
        foreach (var (command, _) in Shown.SelectMany(group => group.Commands)) root.Subcommands.Add(command);
        return root;
    }

    private static (Command Command, string Summary) Session(string name, string? alias, string description)
    {
        var command = new Command(name, description);
        if (alias is not null) command.Aliases.Add(alias);
        return (command, description);
    }
}

/// <summary>An argument as it is written.</summary>
internal sealed class CommandArgument : Argument<string[]>
{
    /// <param name="description">A key of the texts.</param>
    /// <param name="choices">The words it can be; none: any.</param>
    public CommandArgument(string name, string description, params IReadOnlyList<string> choices) : base(name)
    {
        (Description, Choices, Arity) = (description, choices, ArgumentArity.ZeroOrOne);
    }

    public IReadOnlyList<string> Choices { get; }

    public bool IsDuration { get; init; }

    public string? Standard { get; init; }
}
