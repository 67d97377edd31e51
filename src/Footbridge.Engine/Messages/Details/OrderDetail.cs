using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages.Details;

/// <summary>How far an order has come.</summary>
public enum OrderStatus
{
    Unknown,
    Inquiry,
    Accepted,
    Declined,
}

/// <summary>An order from a catalogue.</summary>
/// <param name="ItemCount">How many pieces in all.</param>
/// <param name="Total">What they cost together.</param>
/// <param name="Note">What the buyer wrote with it.</param>
/// <param name="Token">By which the seller's account reads the order's lines.</param>
/// <param name="Thumbnail">A small JPEG of the first product.</param>
public sealed record OrderDetail(
    string? OrderId, string? Title, int ItemCount, MoneyAmount? Total, string? Note, Jid? Seller, OrderStatus Status, string? Token, byte[]? Thumbnail) : MessageDetail
{
    internal static OrderDetail? Of(Message content)
    {
        if (content.OrderMessage is not { } order) return null;
        return new(
            Texts.Filled(order.OrderId), Texts.Filled(order.OrderTitle), order.ItemCount, order.HasTotalAmount1000 ? MoneyAmount.OfThousandths(order.TotalAmount1000, order.TotalCurrencyCode) : null,
            Texts.Filled(order.Message), Texts.Address(order.SellerJid), Enum.IsDefined((OrderStatus)(int)order.Status) ? (OrderStatus)(int)order.Status : OrderStatus.Unknown,
            Texts.Filled(order.Token), Texts.Filled(order.Thumbnail));
    }
}
