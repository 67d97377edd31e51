using Footbridge.Protocol.Generated;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp.Kinds;

/// <summary>A product of a catalogue, or an order of some.</summary>
internal sealed class ShopConverter : IMessageConverter
{
    private const int Thousandths = 1000;

    public ValueTask<ChatEntry?> ConvertAsync(Inbound message, CancellationToken ct) => new(
        message.Content.ProductMessage?.Product is { } product ? new ChatEntry(Say(message.Words, product))
        : message.Content.OrderMessage is { } order ? new ChatEntry(Say(message.Words, order))
        : null);

    private static string Say(Words words, Message.Types.ProductMessage.Types.ProductSnapshot product) => words.Say(Key.MessageProduct, new
    {
        title = product.Title,
        description = product.Description,
        price = product.HasPriceAmount1000 ? words.Money(product.PriceAmount1000, Thousandths, product.CurrencyCode) : null,
        url = product.Url,
    });

    private static string Say(Words words, Message.Types.OrderMessage order) => words.Say(Key.MessageOrder, new
    {
        title = order.OrderTitle,
        count = order.ItemCount,
        total = order.HasTotalAmount1000 ? words.Money(order.TotalAmount1000, Thousandths, order.TotalCurrencyCode) : null,
        text = order.Message,
    });
}
