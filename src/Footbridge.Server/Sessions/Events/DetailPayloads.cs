using System.Text.Json.Nodes;
using Footbridge.Engine.Messages.Details;
using Footbridge.Protocol.Xml;

namespace Footbridge.Server.Sessions.Events;

/// <summary>What a message is about besides its text, as <c>_data.details</c> shows it: one object of a kind, without what was not told. Source: docs/webhooks.md.</summary>
internal static class DetailPayloads
{
    /// <summary>Null for plain messages.</summary>
    public static JsonObject? Of(IReadOnlyList<MessageDetail> details) =>
        details.Count == 0 ? null : new(details.Select(Named).Select(detail => KeyValuePair.Create(detail.Name, (JsonNode?)detail.Shape)));

    private static (string Name, JsonObject Shape) Named(MessageDetail detail) => detail switch
    {
        AdDetail ad => ("ad", Ad(ad)),
        OrderDetail order => ("order", Order(order)),
        ProductDetail product => ("product", Product(product)),
        PixDetail pix => ("pix", Told([
            ("merchantName", pix.MerchantName), ("key", pix.Key), ("keyType", pix.KeyType), ("currency", pix.Total?.Currency), ("totalAmount", pix.Total?.Value), ("referenceId", pix.ReferenceId)])),
        PaymentDetail payment => ("payment", Told([
            ("step", Name(payment.Step)), ("amount", Money(payment.Amount)), ("note", payment.Note), ("from", Chat(payment.From)), ("expiresAt", Seconds(payment.ExpiresAt)), ("requestId", payment.RequestId)])),
        StatusReplyDetail reply => ("statusReply", Told([
            ("id", reply.StatusId), ("participant", Chat(reply.Author)), ("type", Name(reply.Kind)), ("text", reply.Text), ("hasMedia", reply.Media is not null), ("thumbnail", Bytes(reply.Thumbnail))])),
        EventDetail planned => ("event", Told([
            ("name", planned.Name), ("description", planned.Description), ("startTime", Seconds(planned.StartsAt)), ("endTime", Seconds(planned.EndsAt)), ("location", planned.Place),
            ("joinLink", planned.JoinLink), ("isCancelled", planned.IsCancelled), ("isCall", planned.IsCall), ("extraGuestsAllowed", planned.AllowsGuests)])),
        LiveLocationDetail place => ("liveLocation", Told([
            ("latitude", place.Latitude), ("longitude", place.Longitude), ("accuracy", place.AccuracyMeters), ("speed", place.SpeedMetersPerSecond), ("heading", place.HeadingDegrees),
            ("caption", place.Caption), ("sequence", place.Sequence), ("age", place.Age?.TotalSeconds)])),
        GroupInviteDetail invite => ("groupInvite", Told([
            ("id", invite.Group?.ToString()), ("code", invite.Code), ("expiresAt", Seconds(invite.ExpiresAt)), ("name", invite.Name), ("caption", invite.Caption), ("isCommunity", invite.IsCommunity)])),
        _ => throw new ArgumentOutOfRangeException(nameof(detail), detail.GetType().Name, "a detail without a shape"),
    };

    private static JsonObject Ad(AdDetail ad) => Told([
        ("title", ad.Title), ("body", ad.Body), ("sourceUrl", ad.SourceUrl), ("sourceId", ad.SourceId), ("sourceType", ad.SourceType), ("sourceApp", ad.SourceApp), ("thumbnailUrl", ad.ThumbnailUrl),
        ("originalImageUrl", ad.OriginalImageUrl), ("mediaUrl", ad.MediaUrl), ("thumbnail", Bytes(ad.Thumbnail)), ("ctwaClid", ad.ClickId), ("ref", ad.Reference), ("entryPoint", ad.EntryPoint),
        ("greeting", ad.Greeting)]);

    private static JsonObject Order(OrderDetail order) => Told([
        ("id", order.OrderId), ("title", order.Title), ("itemCount", order.ItemCount), ("total", Money(order.Total)), ("note", order.Note), ("seller", Chat(order.Seller)), ("status", Name(order.Status)),
        ("token", order.Token), ("thumbnail", Bytes(order.Thumbnail))]);

    private static JsonObject Product(ProductDetail product) => Told([
        ("id", product.ProductId), ("title", product.Title), ("description", product.Description), ("price", Money(product.Price)), ("salePrice", Money(product.SalePrice)),
        ("retailerId", product.RetailerId), ("url", product.Url), ("imageCount", product.ImageCount), ("business", Chat(product.Business)), ("body", product.Body), ("footer", product.Footer),
        ("thumbnail", Bytes(product.Thumbnail))]);

    private static JsonObject Told(ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        var told = new JsonObject();
        foreach (var (name, value) in fields)
        {
            if (value is not null) told[name] = value;
        }

        return told;
    }

    private static JsonObject? Money(MoneyAmount? amount) => amount is null ? null : Told([("value", amount.Value), ("currency", amount.Currency)]);

    private static string? Chat(Jid? person) => person is { } jid ? WahaIds.ChatId(jid) : null;

    private static long? Seconds(DateTimeOffset? time) => time?.ToUnixTimeSeconds();

    private static string? Bytes(byte[]? bytes) => bytes is null ? null : Convert.ToBase64String(bytes);

    private static string Name<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
