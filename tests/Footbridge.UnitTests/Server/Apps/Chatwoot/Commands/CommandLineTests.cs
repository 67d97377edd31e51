using Footbridge.Server.Apps.Chatwoot.Commands;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", "help")]
    [InlineData("help", "help")]
    [InlineData("help status", "help")]
    [InlineData("status --help", "help")]
    [InlineData("status -h", "help")]
    [InlineData("wa/", "help")]
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
    [InlineData("7", "7")]
    [InlineData("stop now", "stop now")]
    [InlineData("q", "queue")]
    [InlineData("Queue Stop inbox | message_created", "queue stop inbox | messagecreated")]
    [InlineData("wa/queue status", "queue status")]
    [InlineData("queue help", "queue help")]
    [InlineData("queue stop --help", "queue help")]
    [InlineData("help queue", "queue help")]
    public void A_line_is_read_as_its_command(string line, string command) => Assert.Equal(command, CommandLine.Read(line));

    [Theory]
    [InlineData("statsu", "status")]
    [InlineData("restrt", "restart")]
    [InlineData("logut", "logout")]
    [InlineData("hlp", "help")]
    [InlineData("hello there", null)]
    [InlineData("7", null)]
    public void A_mistyped_command_has_a_nearest_one(string written, string? meant) => Assert.Equal(meant, CommandLine.Nearest(written));
}
