using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Wording;

/// <summary>What is said of a session's state.</summary>
internal static class SessionWords
{
    public static string StatusChange(this Words words, string session, string status) =>
        words.Say(Key.AppSessionStatusChange, new { emoji = Emoji(status), session, status });

    public static string CurrentStatus(this Words words, string name, SessionView? session)
    {
        var status = session?.Status ?? SessionStatus.Stopped;
        return words.Say(Key.AppSessionCurrentStatus, new { emoji = Emoji(status), session = name, status, name = NameOf(words, session), id = NumberOf(words, session) });
    }

    public static string Working(this Words words, SessionView? session) =>
        words.Say(Key.AppSessionStatusWorking, new { name = NameOf(words, session), id = NumberOf(words, session) });

    /// <param name="reason">Why, as far as it is known.</param>
    public static string NotWorking(this Words words, string? reason)
    {
        var parts = new List<string> { words.Say(Key.AppSessionStatusError) };
        if (reason is { Length: > 0 }) parts.Add(words.Say(Key.SessionReason, new { reason }));
        return string.Join("\n\n", [.. parts, words.Say(Key.AppHelpReminder)]);
    }

    private static string NameOf(Words words, SessionView? session) => session?.Me?.PushName ?? words.Say(Key.AccountNoName);

    private static string NumberOf(Words words, SessionView? session) => session?.Me?.Id ?? words.Say(Key.AccountNoNumber);

    private static string Emoji(string status) => status switch
    {
        SessionStatus.Working => "🟢",
        SessionStatus.Starting => "⏳",
        SessionStatus.ScanQrCode or SessionStatus.PasskeyRequired or SessionStatus.PasskeyConfirmationRequired or SessionStatus.Stopped => "⚠️",
        SessionStatus.Failed => "🛑",
        _ => "❓",
    };
}
