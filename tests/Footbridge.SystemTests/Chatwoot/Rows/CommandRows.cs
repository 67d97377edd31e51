using Footbridge.Server.Sessions;
using Footbridge.SystemTests.Dashboard;
using Microsoft.Extensions.Hosting;

namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>Every command with its short forms, arguments and options, and what is answered to one that is none.</summary>
internal static class CommandRows
{
    private const string Nobody = "5599999999999@c.us";

    public static IReadOnlyDictionary<string, Func<Row, Task>> All { get; } = new Dictionary<string, Func<Row, Task>>(StringComparer.Ordinal)
    {
        ["01-status"] = row => row.CommandAsync("status"),
        ["01-status-short"] = row => row.CommandAsync("1"),
        ["01-status-with-capitals-and-markup"] = row => row.CommandAsync("  **Status**  "),
        ["01-status-while-stopped"] = row => WhileStoppedAsync(row, "stop", "1"),
        ["02-restart"] = row => RestartsAsync(row, "restart"),
        ["02-restart-short"] = row => RestartsAsync(row, "2"),
        ["03-start"] = row => RestartsAsync(row, "start"),
        ["03-start-short"] = row => RestartsAsync(row, "3"),
        ["04-stop"] = row => WhileStoppedAsync(row, "stop"),
        ["04-stop-short"] = row => WhileStoppedAsync(row, "4"),
        ["06-qr-while-linked"] = row => row.CommandAsync("qr"),
        ["07-screenshot-while-linked"] = row => row.CommandAsync("screenshot"),
        ["08-contacts"] = row => row.CommandAsync("contacts"),
        ["08-contacts-help"] = row => row.CommandAsync("contacts help"),
        ["08-contacts-pull"] = row => PullsContactsAsync(row, ""),
        ["08-contacts-pull-with-options"] = row => PullsContactsAsync(row, " -a -n if-raw -g -l -b 1 -p 1 --at 2 -t 1m"),
        ["08-contacts-pull-with-long-options"] = row => PullsContactsAsync(row, " --avatar update --update-names no --groups --lids --no-attributes --batch 10 --progress 10 --attempts 2 --timeout 60s"),
        ["08-contacts-status"] = async row =>
        {
            await PullsContactsAsync(row, "");
            await row.CommandAsync("contacts status");
        },
        ["08-contacts-cancel"] = row => row.CommandAsync("contacts cancel"),
        ["09-messages"] = row => row.CommandAsync("messages"),
        ["09-messages-help"] = row => row.CommandAsync("help messages"),
        ["09-messages-pull"] = row => PullsMessagesAsync(row, "2d"),
        ["09-messages-pull-with-options"] = row => PullsMessagesAsync(row, $"0d 3d -c {RowWorld.AnasNumber}@c.us -g --ch -s --bc -m -b 2 -p 1 --at 2 -t 1m --tm 10s"),
        ["09-messages-pull-while-others-wait"] = row => PullsMessagesAsync(row, "2d --pause"),
        ["09-messages-pull-as-a-trial"] = async row =>
        {
            await row.CommandAsync("messages pull 2d --dry-run");
            await row.SaysAsync(row.Integration, "🔎");
        },
        ["09-messages-pull-of-nobody"] = async row =>
        {
            await row.CommandAsync($"messages pull 1d -c {Nobody}");
            await row.SaysAsync(row.Integration, "No chats in that period");
        },
        ["09-messages-pull-of-no-kind"] = async row =>
        {
            await row.CommandAsync("messages pull --nd");
            await row.SaysAsync(row.Integration, "No chats in that period");
        },
        ["09-messages-pause-without-permission"] = row => WithoutPermissionAsync(row, "messages pull --pause"),
        ["09-messages-status"] = async row =>
        {
            await PullsMessagesAsync(row, "2d");
            await row.CommandAsync("messages status");
        },
        ["09-messages-cancel"] = row => row.CommandAsync("messages cancel"),
        ["10-queue"] = row => row.CommandAsync("queue"),
        ["10-queue-help"] = row => row.CommandAsync("q help"),
        ["10-queue-status"] = row => row.CommandAsync("queue status"),
        ["10-queue-status-of-some"] = row => row.CommandAsync("q status whatsapp"),
        ["10-queue-status-of-none"] = row => row.CommandAsync("q status everything"),
        ["10-queue-stop-and-start"] = async row =>
        {
            foreach (var command in new[] { "queue stop message.reaction", "queue status message.reaction", "queue start message.reaction", "queue status message.reaction" }) await row.CommandAsync(command);
        },
        ["10-queue-without-permission"] = row => WithoutPermissionAsync(row, "queue status", "queue stop", "queue"),
        ["11-server"] = row => row.CommandAsync("server"),
        ["11-server-status"] = row => row.CommandAsync("server status"),
        ["11-server-reboot"] = row => RebootsAsync(row, "server reboot"),
        ["11-server-without-permission"] = row => WithoutPermissionAsync(row, "server", "server status", "server reboot"),
        ["12-help"] = row => row.CommandAsync("help"),
        ["12-help-by-a-file"] = row => row.Chatwoot.AgentSendsAsync(row.Integration.Id, null, ("a.png", "image/png", [1, 2, 3])),
        ["12-help-of-a-command"] = row => row.CommandAsync("queue --help"),
        ["12-help-without-permission"] = row => WithoutPermissionAsync(row, "help"),
        ["13-unknown-command"] = row => row.CommandAsync("logut"),
        ["13-unknown-option"] = row => row.CommandAsync("messages pull --forse"),
        ["13-unknown-choice"] = row => row.CommandAsync("contacts pull -n sometimes"),
        ["13-value-missing"] = row => row.CommandAsync("messages pull --chat"),
        ["13-duration-that-is-none"] = row => row.CommandAsync("messages pull soon"),
        ["13-duration-below-zero"] = row => row.CommandAsync("messages pull 1d -t -5s"),
        ["13-number-that-is-none"] = row => row.CommandAsync("contacts pull -b many"),
        ["14-in-a-customers-conversation"] = async row =>
        {
            foreach (var command in new[] { "wa/status", "WA/help", "wa/logut" }) await row.CommandAsync(command, row.Conversation);
            await row.FinishCommandsAsync(row.Conversation, "wa/");
        },
        ["14-several-lines-and-quotes"] = row => row.CommandAsync("**contacts**\n  pull\n  --batch \"not one\""),
    };

    private static async Task RestartsAsync(Row row, string command)
    {
        var leaving = row.World.Part<SessionRegistry>().Find("shop")!.WaitAsync(status => status != "WORKING", TimeSpan.FromSeconds(20), row.Ct);
        await row.CommandAsync(command);
        Assert.True(await leaving);
        await row.World.WaitStatusAsync("shop", "WORKING", row.Ct);
    }

    private static async Task WhileStoppedAsync(Row row, string stop, params string[] commands)
    {
        await row.CommandAsync(stop);
        await row.SaysAsync(row.Integration, "is now STOPPED");
        foreach (var command in commands) await row.CommandAsync(command);
        await row.FinishCommandsAsync();
        await row.PostAsync("/api/sessions/shop/start", []);
        await row.World.WaitStatusAsync("shop", "WORKING", row.Ct);
    }

    private static async Task PullsContactsAsync(Row row, string options)
    {
        await row.CommandAsync("contacts pull --dc 0s --db 0s" + options);
        await row.SaysAsync(row.Integration, "👤✅");
    }

    private static async Task PullsMessagesAsync(Row row, string what)
    {
        await row.CommandAsync("messages pull " + what);
        await row.SaysAsync(row.Integration, "💬✅");
    }

    private static async Task WithoutPermissionAsync(Row row, params string[] commands)
    {
        await row.AllowAsync(queue: false, server: false);
        foreach (var command in commands) await row.CommandAsync(command);
        await row.FinishCommandsAsync();
        await row.AllowAsync(queue: true, server: true);
    }

    /// <summary>The process is started again as whoever looks after it would.</summary>
    private static async Task RebootsAsync(Row row, string command)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        row.World.Part<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        await row.CommandAsync(command);
        await stopping.Task.WaitAsync(row.Ct);
        await row.World.Product.DisposeAsync();
        await row.World.StartProductAsync(row.Ct);
        row.World.PointWebhook("shop");
        await row.World.WaitStatusAsync("shop", "WORKING", row.Ct);
    }
}
