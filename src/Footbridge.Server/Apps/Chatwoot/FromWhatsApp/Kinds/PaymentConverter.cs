using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp.Kinds;

/// <summary>Money that is asked for. What was paid is encrypted for the two phones: of that only the note is known.</summary>
internal sealed class PaymentConverter : IMessageConverter
{
    private const int Thousandths = 1000;

    public ValueTask<ChatEntry?> ConvertAsync(Inbound message, CancellationToken ct)
    {
        var (asked, paid) = (message.Content.RequestPaymentMessage, message.Content.SendPaymentMessage);
        if (asked is null && paid is null) return new((ChatEntry?)null);
        var amount = asked is { HasAmount1000: true } ? message.Words.Money(asked.Amount1000, Thousandths, asked.CurrencyCodeIso4217) : null;
        var note = (asked?.NoteMessage ?? paid?.NoteMessage) is { } content ? MessageTexts.BodyOf(content) : null;
        return new(new ChatEntry(message.Words.Say(Key.MessagePayment, new { amount, text = note }).TrimEnd()));
    }
}
