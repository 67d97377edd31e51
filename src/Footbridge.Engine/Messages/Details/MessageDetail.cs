using Footbridge.Protocol.Generated;

namespace Footbridge.Engine.Messages.Details;

/// <summary>What a message is about besides its text, in fields of its own. What its sender left out is null. Source: docs/protocol/message-kinds.md.</summary>
public abstract record MessageDetail
{
    private protected MessageDetail()
    {
    }
}

/// <summary>An amount of money.</summary>
/// <param name="Value">In whole units of the currency, not in its hundredths.</param>
/// <param name="Currency">ISO 4217, such as <c>BRL</c>; null when it is not told.</param>
public sealed record MoneyAmount(decimal Value, string? Currency)
{
    private const decimal Thousand = 1000;

    /// <summary>From thousandths.</summary>
    internal static MoneyAmount OfThousandths(decimal thousandths, string? currency) => new(thousandths / Thousand, Texts.Filled(currency));

    /// <summary>From WhatsApp's pair of number and divisor.</summary>
    internal static MoneyAmount Of(Money money) => new(money.Value / (decimal)Math.Max(1, money.Offset), Texts.Filled(money.CurrencyCode));
}

/// <summary>Finds what a message is about.</summary>
public static class MessageDetails
{
    private static readonly Func<Message, MessageDetail?>[] Kinds =
    [
        AdDetail.Of, OrderDetail.Of, ProductDetail.Of, PixDetail.Of, PaymentDetail.Of, StatusReplyDetail.Of, EventDetail.Of, LiveLocationDetail.Of, GroupInviteDetail.Of,
    ];

    /// <summary>All that a content tells, one of a kind: a text may come from an ad and answer a story. The content is unwrapped.</summary>
    public static IReadOnlyList<MessageDetail> Of(Message content) => [.. Kinds.Select(find => find(content)).OfType<MessageDetail>()];
}
