namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>What the app says in Chatwoot, in English. The key in WAHA's catalogue stands beside each.</summary>
internal static class Texts
{
    public const string IntegrationName = "WhatsApp Integration"; // app.inbox.contact.name
    public const string SendingFailed = "The message could not be sent to WhatsApp."; // whatsapp.message.sending.error
    public const string ReceivingFailed = "A WhatsApp message could not be delivered here."; // whatsapp.message.receiving.error
    public const string LoggedOut = "✅ The account was unlinked."; // app.logout.success
    public const string ScanQr = "⚠️ **Open WhatsApp on your phone and scan this QR code to link the account** (Settings, Linked devices, Link a device)."; // app.session.scan.qr.code
    public const string NoQr = "There is no QR code to scan now. Send **status** for the state of the session."; // ours
    public const string Reminder = "Send **help** for the command list."; // app.help.reminder
    public const string Unsupported = "⚠️ **Unsupported message, see the phone.**"; // whatsapp.to.chatwoot.message.unsupported
    public const string Waiting = "Waiting for this message. It could not be decrypted yet and has been asked for again."; // ours

    private const string SessionError = // app.session.status.error
        "⚠️ **WhatsApp is linked to this inbox but cannot exchange messages now.** Check the status, restart, or log out and scan again.";

    public const string Help = """
        Control your WhatsApp integration

        **Write a command like this:** **[command]**

        🖥️ **Session**
        - **status** - show session status
        - **restart** - restart session
        - **start** - start session
        - **stop** - stop session
        - **logout** - unlink so a new QR can be scanned
        - **qr** - send the QR code
        - **help** - show this list
        """; // cli.cmd.root.description and its parts

    public const string QueueHelp = """
        🧩 **Queues**: hold and release them; what arrives meanwhile is kept and carried on later

        - **queue status [name]** - show queues
        - **queue start [name]** - release a queue
        - **queue stop [name]** - hold a queue

        The name is optional: inbox, whatsapp, scheduled, task, all, or one queue's name.
        """; // cli.cmd.queue.description and its parts

    public const string QueuesHeld = "⚪🧩 Queues on hold, see `queue status`"; // cli.cmd.queue.paused
    public const string QueuesRunning = "🟢🧩 Queues running, see `queue status`"; // cli.cmd.queue.resumed

    private const string HelpOfQueues = "\n\n🧩 **Queue**\n- **queue** - queue actions"; // cli.cmd.queue.summary

    public static string HelpFor(bool queues) => queues ? Help + HelpOfQueues : Help;

    public static string CommandDisabled(string command) => // cli.cmd.disabled
        $"⛔ `{command}` is switched off. Ask your admin; send **help** for what is available.";

    public static string QueueStatus(IEnumerable<(string Name, bool IsLocked, bool IsPaused)> queues) => // cli.cmd.queue.status.result
        string.Join('\n', queues.Select(queue => $"- {(queue.IsPaused ? "⚪" : "🟢")}{(queue.IsLocked ? "🔒" : "")} {queue.Name}"));

    public static string Connected(string session) => // app.connected.message
        $"🔗 Session **{session}** is now connected to this inbox. You can chat from here; send **help** to see what you can control.";

    public static string Updated(string session) => $"🔄 The settings of session **{session}** were changed."; // app.updated.message

    public static string Disconnected(string session) => // app.disconnected.message
        $"🔌 Session **{session}** was disconnected from this inbox; messages are no longer exchanged. Ask your admin to reconnect.";

    public static string StatusChange(string session, string status) => $"{Emoji(status)} Session \"{session}\" is now {status}"; // app.session.status.change

    public static string Working(string? name, string? id) => // app.session.status.working
        $"✅ WhatsApp is linked and ready.\n\n📱 **{Account(name, id)}**";

    public static string NotWorking(string? why) => // app.session.status.error and app.help.reminder
        $"{SessionError}{(why is { Length: > 0 } ? $"\n\n{why}" : "")}\n\n{Reminder}";

    public static string CurrentStatus(string session, string status, string? name, string? id) => // app.session.current.status
        $"{Emoji(status)} **{session}** is **{status}**\nAccount: 📱 **{Account(name, id)}**";

    public static string FromPhone(string text) => $"*📱 From the phone*\n\n{text}"; // message.from.whatsapp

    public static string FromApi(string text) => $"*📱 From the API*\n\n{text}"; // message.from.api

    public static string UnknownCommand(string command, string? near) =>
        $"There is no command **{command}**.{(near is null ? "" : $" Did you mean **{near}**?")} {Reminder}";

    public static string Error(string header, int attempt, int allowed, string name, string url, string error) => // job.report.error
        $"⚠️ **{header}**\n❌ No tries left\nAttempt: {attempt} / {allowed}\nDetails: [{name}]({url})\n\n```\n{error}\n```";

    public static string LateReason(TimeSpan age) => $"Not sent: it reached the bridge {Minutes(age)} after it was written"; // ours

    public static string LateReply(TimeSpan age) => // ours
        $"⚠️ **This message was not sent to WhatsApp.** Chatwoot could not tell the bridge of it, which found it {Minutes(age)} after it was written. "
        + "If it still fits, press **retry** at the message; else write anew.";

    public const string PasskeyRequired = "WhatsApp asks for the passkey of this account before it links the session. Answer the challenge through the API "
        + "(/api/{session}/auth/passkey), or turn the passkey off on the phone and scan the QR code again.";

    public static string PasskeyCode(string? code) => $"The phone shows a code. If it is {code}, confirm it through the API (/api/{{session}}/auth/passkey/confirm).";

    public static string Quarantine(string chat) =>
        $"A message from {chat} was not filed: more than one contact could be meant. Merge the contacts; the messages after that are filed. This one is on the phone.";

    private static string Minutes(TimeSpan age) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Math.Max(1, age.TotalMinutes):F0} min");

    private static string Account(string? name, string? id) => $"{name ?? "Unknown"} ({id ?? "No phone number"})";

    private static string Emoji(string status) => status switch
    {
        "WORKING" => "🟢",
        "STARTING" => "⏳",
        "SCAN_QR_CODE" or "PASSKEY_REQUIRED" or "PASSKEY_CONFIRMATION_REQUIRED" or "STOPPED" => "⚠️",
        "FAILED" => "🛑",
        _ => "❓",
    };
}
