using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages.Details;

/// <summary>What happened about a payment between people.</summary>
public enum PaymentStep
{
    Sent,
    Requested,
    Declined,
    Cancelled,

    /// <summary>The other side is asked to set payments up.</summary>
    Invited,
}

/// <summary>A payment within WhatsApp, or what became of one.</summary>
/// <param name="Amount">Of requests; what is sent does not tell its amount.</param>
/// <param name="Note">What was written with it.</param>
/// <param name="From">Who is asked to pay.</param>
/// <param name="RequestId">The message of the request that this is about.</param>
public sealed record PaymentDetail(PaymentStep Step, MoneyAmount? Amount, string? Note, Jid? From, DateTimeOffset? ExpiresAt, string? RequestId) : MessageDetail
{
    internal static PaymentDetail? Of(Message content)
    {
        if (content.SendPaymentMessage is { } sent) return new(PaymentStep.Sent, null, NoteOf(sent.NoteMessage), null, null, Texts.Filled(sent.RequestMessageKey?.Id));
        if (content.RequestPaymentMessage is { } request) return new(PaymentStep.Requested, AmountOf(request), NoteOf(request.NoteMessage), Texts.Address(request.RequestFrom), Texts.Time(request.ExpiryTimestamp), null);
        if (content.DeclinePaymentRequestMessage is { } declined) return new(PaymentStep.Declined, null, null, null, null, Texts.Filled(declined.Key?.Id));
        if (content.CancelPaymentRequestMessage is { } cancelled) return new(PaymentStep.Cancelled, null, null, null, null, Texts.Filled(cancelled.Key?.Id));
        return content.PaymentInviteMessage is { } invite ? new(PaymentStep.Invited, null, null, null, Texts.Time(invite.ExpiryTimestamp), null) : null;
    }

    private static MoneyAmount? AmountOf(Message.Types.RequestPaymentMessage request) =>
        request.Amount is { HasValue: true } amount ? MoneyAmount.Of(amount)
        : request.HasAmount1000 ? MoneyAmount.OfThousandths(request.Amount1000, request.CurrencyCodeIso4217)
        : null;

    private static string? NoteOf(Message? note) => note is null ? null : Texts.Filled(note.HasConversation ? note.Conversation : note.ExtendedTextMessage?.Text);
}
