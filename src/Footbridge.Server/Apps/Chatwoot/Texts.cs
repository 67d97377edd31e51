namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>What the app says in Chatwoot, in English. The key in WAHA's catalogue stands beside each.</summary>
internal static class Texts
{
    public const string IntegrationName = "WhatsApp Integration"; // app.inbox.contact.name
    public const string SendingFailed = "The message could not be sent to WhatsApp."; // whatsapp.message.sending.error
    public const string ReceivingFailed = "A message from WhatsApp could not be shown."; // whatsapp.message.receiving.error
    public const string LoggedOut = "The session was logged out."; // app.logout.success
    public const string ScanQr = "Scan this QR code with WhatsApp: Settings, Linked devices, Link a device."; // app.session.scan.qr.code
    public const string SessionError = "The session is not working. Messages are not sent or received."; // app.session.status.error
    public const string Reminder = "Write **help** for the commands."; // app.help.reminder
    public const string Unsupported = "This message cannot be shown here. Please look at it on the phone."; // whatsapp.message.unsupported
    public const string Waiting = "Waiting for this message. It could not be decrypted yet and has been asked for again."; // ours

    public const string Help = """
        Commands of this WhatsApp session:

        - **status** - show the state of the session
        - **restart** - restart the session
        - **start** - start the session
        - **stop** - stop the session
        - **logout** - unlink the device; a new QR code follows
        - **qr** - show the QR code to link a phone
        - **help** - show this list
        """;

    public static string Connected(string session) => $"Session **{session}** is connected to this inbox. {Reminder}"; // app.connected.message

    public static string Updated(string session) => $"The settings of session **{session}** were changed."; // app.updated.message

    public static string Disconnected(string session) => $"Session **{session}** is no longer connected to this inbox."; // app.disconnected.message

    public static string StatusChange(string session, string status) => $"{Emoji(status)} Session {session}: {status}"; // app.session.status.change

    public static string Working(string? name, string? id) => $"The session works as **{name ?? "Unknown"}** ({id ?? "no phone number"})."; // app.session.status.working

    public static string CurrentStatus(string session, string status, string? name, string? id) => // app.session.current.status
        $"{Emoji(status)} Session **{session}** is **{status}**, {name ?? "Unknown"} ({id ?? "No phone number"}).";

    public static string FromPhone(string text) => $"📱 Sent from WhatsApp:\n{text}"; // message.from.whatsapp

    public static string UnknownCommand(string command) => $"There is no command **{command}**. {Reminder}";

    public static string Quarantine(string chat) =>
        $"A message from {chat} was not filed: more than one contact could be meant. Merge the contacts, or give one of them this WhatsApp id, then retry the job.";

    private static string Emoji(string status) => status switch
    {
        "WORKING" => "🟢",
        "STARTING" => "⏳",
        "SCAN_QR_CODE" or "STOPPED" => "⚠️",
        "FAILED" => "🛑",
        _ => "❓",
    };
}
