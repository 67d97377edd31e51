using Footbridge.Engine.Messages;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.ToWhatsApp;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Wording;

/// <summary>Errors that mean something to an agent, in the agent's language.</summary>
internal static class Explanation
{
    /// <summary>What happened and what helps, as Markdown; null for an error that only an operator can make something of.</summary>
    public static string? Of(Exception cause, Words words) => cause switch
    {
        AmbiguousContactException e => words.Say(Key.MessageQuarantined, new { chat = e.Chat })
            + "\n\n" + words.Say(Key.MessageQuarantinedCandidates, new { contacts = e.Contacts.Select(one => new { name = one.Name, url = one.Url }).ToList() }),
        NotOnWhatsAppException e => words.Say(Key.SendNotOnWhatsApp, new { phone = e.Phone }),
        NoAddressException => words.Say(Key.SendNoNumber),
        SessionNotWorkingException { Status: { } status } e => words.Say(Key.SendNotConnected, new { session = e.Session, status }),
        SendFileException { LimitBytes: { } limit } e => words.Say(Key.FileSendTooLarge, new { name = e.Name, size = FileSize.Text(e.SizeBytes ?? limit), limit = FileSize.Text(limit) }),
        SendFileException { IsFinal: true } e => words.Say(Key.FileSendRefused, new { name = e.Name, size = e.SizeBytes is { } size ? FileSize.Text(size) : null }),
        SendFileException e => words.Say(Key.FileSendUnreachable, new { name = e.Name }),
        SendFailedException { Code: { } code } e => OfRefusal(code, e.Until is { } until ? words.Date(until) : null, words),
        _ => null,
    };

    // WhatsApp gives 463 two meanings; the account's own restriction is the one that has an end.
    private static string OfRefusal(int code, string? until, Words words) => code switch
    {
        463 when until is not null => words.Say(Key.SendRefusedRestricted, new { until }),
        463 => words.Say(Key.SendRefusedStranger),
        475 => words.Say(Key.SendRefusedLimit, new { until }),
        479 => words.Say(Key.SendRefusedInvalid),
        _ => words.Say(Key.SendRefusedOther, new { code }),
    };
}
