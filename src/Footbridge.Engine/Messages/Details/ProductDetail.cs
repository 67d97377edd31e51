using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages.Details;

/// <summary>A product of a catalogue.</summary>
/// <param name="SalePrice">The reduced price, when there is one.</param>
/// <param name="RetailerId">The seller's own id for it.</param>
/// <param name="ImageCount">How many pictures the catalogue has of it.</param>
/// <param name="Business">Whose catalogue it is.</param>
/// <param name="Body">Text beside the product.</param>
/// <param name="Thumbnail">A small JPEG.</param>
public sealed record ProductDetail(
    string? ProductId, string? Title, string? Description, MoneyAmount? Price, MoneyAmount? SalePrice, string? RetailerId, string? Url, int ImageCount, Jid? Business, string? Body, string? Footer, byte[]? Thumbnail)
    : MessageDetail
{
    internal static ProductDetail? Of(Message content)
    {
        if (content.ProductMessage is not { Product: { } product } message) return null;
        return new(
            Texts.Filled(product.ProductId), Texts.Filled(product.Title), Texts.Filled(product.Description), Amount(product.HasPriceAmount1000, product.PriceAmount1000, product),
            Amount(product.HasSalePriceAmount1000 && product.SalePriceAmount1000 > 0, product.SalePriceAmount1000, product), Texts.Filled(product.RetailerId), Texts.Filled(product.Url),
            (int)Math.Min(product.ProductImageCount, int.MaxValue), Texts.Address(message.BusinessOwnerJid), Texts.Filled(message.Body), Texts.Filled(message.Footer),
            product.ProductImage is { } image ? Texts.Filled(image.JpegThumbnail) : null);
    }

    private static MoneyAmount? Amount(bool isTold, long thousandths, Message.Types.ProductMessage.Types.ProductSnapshot product) =>
        isTold ? MoneyAmount.OfThousandths(thousandths, product.CurrencyCode) : null;
}
