using Footbridge.Server.Apps.Chatwoot.Commands;
using Footbridge.UnitTests.Server.Apps.Chatwoot.Wording;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("status", "status")]
    [InlineData("Status", "status")]
    [InlineData("WA/Status", "status")]
    [InlineData("wa/status", "status")]
    [InlineData("**status**", "status")]
    [InlineData("  `qr`\n  ", "qr")]
    [InlineData("1", "status")]
    [InlineData("2", "restart")]
    [InlineData("3", "start")]
    [InlineData("4", "stop")]
    [InlineData("5", "logout")]
    [InlineData("6", "qr")]
    [InlineData("7", "screenshot")]
    [InlineData("q", "queue")]
    [InlineData("wa/queue status", "queue status")]
    [InlineData("Queue Stop inbox | message_created", "queue stop")]
    [InlineData("server reboot --force", "server reboot")]
    [InlineData("messages\npull\n 10d", "messages pull")]
    [InlineData("contacts pull -gl", "contacts pull")]
    public void A_line_is_read_as_its_command(string line, string command)
    {
        var request = CommandLine.Read(line);
        Assert.Equal((command, false, null), (request.ToString(), request.AsksForHelp, request.Problem));
    }

    [Theory]
    [InlineData("", "wa")]
    [InlineData("wa/", "wa")]
    [InlineData("help", "wa")]
    [InlineData("help status", "status")]
    [InlineData("status --help", "status")]
    [InlineData("status -h", "status")]
    [InlineData("queue help", "queue")]
    [InlineData("queue stop --help", "queue")]
    [InlineData("help queue", "queue")]
    [InlineData("messages pull --nonsense -h", "messages")]
    public void Help_is_about_the_command_it_stands_beside(string line, string command)
    {
        var request = CommandLine.Read(line);
        Assert.Equal((true, command, null), (request.AsksForHelp, request.Command.Name, request.Problem));
    }

    [Theory]
    [InlineData("statsu", "There is no command **statsu**. Did you mean **status**? Send **help** for the command list.")]
    [InlineData("hlp", "There is no command **hlp**. Did you mean **help**? Send **help** for the command list.")]
    [InlineData("hello there", "There is no command **hello there**. Send **help** for the command list.")]
    [InlineData("8", "There is no command **8**. Send **help** for the command list.")]
    [InlineData("messages pul", "There is no command **messages pul**. Did you mean **messages pull**? Send **help** for the command list.")]
    [InlineData("stop now", "`stop` does not take `now`.")]
    [InlineData("messages pull 1d 0d 5d", "`messages` does not take `5d`.")]
    [InlineData("messages pull --group", "`messages` has no option `--group`. Did you mean `--groups`?")]
    [InlineData("messages pull 1d 0d --zzz", "`messages` has no option `--zzz`.")]
    [InlineData("messages pull --chat", "`--chat` needs a value.")]
    [InlineData("messages pull yesterday", "`yesterday` is not a duration. Write it like `30s`, `10m`, `2h` or `7d`.")]
    [InlineData("messages pull -1d", "`messages` has no option `-1d`.")]
    [InlineData("messages pull -t soon", "`soon` is not a duration. Write it like `30s`, `10m`, `2h` or `7d`.")]
    [InlineData("messages pull -b many", "`many` is not a number that fits `--batch`.")]
    [InlineData("messages pull -b=-3", "`-3` is not a number that fits `--batch`.")]
    [InlineData("contacts pull -n maybe", "`maybe` does not fit `--update-names`. Possible: no, if-raw, always")]
    [InlineData("messages @/etc/hostname", "There is no command **messages @/etc/hostname**. Send **help** for the command list.")]
    public void What_is_wrong_is_said_in_the_agents_language(string line, string said)
    {
        var request = CommandLine.Read(line);
        Assert.False(request.AsksForHelp);
        Assert.Equal(said, new LocalesOf().Words("en-US").Say(request.Problem!.Key, request.Problem.Model("")));
    }

    [Fact]
    public void Options_have_their_values_their_defaults_and_what_they_mean_alone()
    {
        var request = CommandLine.Read("messages pull 10d 2d -c 5511900000001@c.us --force -p -b 20 --tm=1.5m");
        Assert.Equal((TimeSpan.FromDays(10), TimeSpan.FromDays(2)), (request.Span(CommandTree.End), request.Span(CommandTree.Start)));
        Assert.Equal(("5511900000001@c.us", true, false), (request.Text(CommandTree.Chat), request.Has(CommandTree.Again), request.Has(CommandTree.Media)));
        Assert.Equal((1000, 20, 6), (request.Number(CommandTree.MessageProgress), request.Number(CommandTree.MessageBatch), request.Number(CommandTree.Attempts)));
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(10)), (request.Span(CommandTree.MediaTimeout), request.Span(CommandTree.Timeout)));
        var plain = CommandLine.Read("messages pull");
        Assert.Equal((TimeSpan.FromDays(1), TimeSpan.Zero, "all"), (plain.Span(CommandTree.End), plain.Span(CommandTree.Start), plain.Text(CommandTree.Chat)));
    }

    [Fact]
    public void W_58_an_avatar_option_without_a_value_means_those_that_are_missing()
    {
        Assert.Equal("if-missing", CommandLine.Read("contacts pull -a -g").Text(CommandTree.Avatar));
        Assert.Equal("update", CommandLine.Read("contacts pull --avatar update").Text(CommandTree.Avatar));
        Assert.Null(CommandLine.Read("contacts pull").Text(CommandTree.Avatar));
    }

    [Fact]
    public void Another_prefix_takes_the_place_of_the_usual_one()
    {
        Assert.Equal("status", CommandLine.Read("bot: status", "bot:").ToString());
        Assert.NotNull(CommandLine.Read("wa/status", "bot:").Problem);
    }

    [Theory]
    [InlineData("30s", 30_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("250ms", 250)]
    [InlineData("250", 250)]
    [InlineData("2m", 120_000)]
    [InlineData("1w", 604_800_000)]
    [InlineData("1y", 31_557_600_000)]
    [InlineData("0d", 0)]
    public void A_duration_is_a_number_and_a_unit(string text, double milliseconds) => Assert.Equal(milliseconds, Duration.Parse(text)!.Value.TotalMilliseconds);

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("5x")]
    [InlineData("-5d")]
    [InlineData("1e9d")]
    [InlineData("1d2h")]
    [InlineData("900000000000d")]
    public void What_is_no_duration_is_none(string text) => Assert.Null(Duration.Parse(text));

    [Fact]
    public void A_duration_is_shown_in_its_largest_whole_unit()
    {
        Assert.Equal(["10d", "36h", "90s", "1500ms", "0d"], new[] { 10 * 86400d, 36 * 3600, 90, 1.5, 0 }.Select(seconds => Duration.Text(TimeSpan.FromSeconds(seconds))));
    }
}
