using Footbridge.Server.Apps.Chatwoot.Convert;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>What every entry says beside its text: where it was written when not by the customer.</summary>
internal static class EntryMarks
{
    public static string? Apply(Inbound message, ChatEntry entry)
    {
        if (entry.Text is not { Length: > 0 } text || !message.IsFromMe) return entry.Text;
        return Liquid.Escape(message.IsFromApi ? Texts.FromApi(text) : Texts.FromPhone(text));
    }
}
