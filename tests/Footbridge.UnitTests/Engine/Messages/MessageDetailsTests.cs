using Footbridge.Engine.Messages.Details;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.UnitTests.Engine.Messages;

/// <summary>What messages are about, out of the bytes that phones send.</summary>
public sealed class MessageDetailsTests
{
    private const string Pix = """
        {"reference_id":"4P46GMY57GC","type":"physical-goods","currency":"BRL","total_amount":{"value":1250,"offset":100},
         "payment_settings":[{"type":"payment_link"},{"type":"pix_static_code","pix_static_code":{"merchant_name":"Shop","key":"39580525000189","key_type":"CNPJ"}}]}
        """;

    private static readonly Jid Seller = Jid.Parse("5511900000001@s.whatsapp.net");
    private static readonly DateTimeOffset Soon = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [Fact]
    public void A_text_from_an_ad_names_the_ad_its_click_and_its_pictures()
    {
        var ad = new ContextInfo.Types.ExternalAdReplyInfo
        {
            Title = "Soup",
            Body = "Hot",
            SourceUrl = "https://fb.me/x",
            SourceId = "120",
            SourceType = "ad",
            SourceApp = "instagram",
            ThumbnailUrl = "https://cdn.example/t.jpg",
            OriginalImageUrl = "https://cdn.example/o.jpg",
            MediaUrl = "https://cdn.example/v.mp4",
            Thumbnail = ByteString.CopyFrom(1, 2),
            CtwaClid = "ARclick",
            Ref = "spring",
            GreetingMessageBody = "Hello!",
        };
        var detail = Only<AdDetail>(new() { ExtendedTextMessage = new() { Text = "hi", ContextInfo = new() { ExternalAdReply = ad, ConversionSource = "FB_Ads", EntryPointConversionSource = "ctwa_ad" } } });
        Assert.Equal(
            ("Soup", "Hot", "https://fb.me/x", "120", "ad", "instagram", "ARclick", "spring", "ctwa_ad", "Hello!"),
            (detail.Title, detail.Body, detail.SourceUrl, detail.SourceId, detail.SourceType, detail.SourceApp, detail.ClickId, detail.Reference, detail.EntryPoint, detail.Greeting));
        Assert.Equal(("https://cdn.example/t.jpg", "https://cdn.example/o.jpg", "https://cdn.example/v.mp4"), (detail.ThumbnailUrl, detail.OriginalImageUrl, detail.MediaUrl));
        Assert.Equal([1, 2], detail.Thumbnail);
    }

    [Fact]
    public void An_order_has_its_pieces_its_total_and_its_buyers_words()
    {
        var detail = Only<OrderDetail>(new()
        {
            OrderMessage = new()
            {
                OrderId = "391",
                ItemCount = 3,
                Status = Message.Types.OrderMessage.Types.OrderStatus.Inquiry,
                Message = "two of the red ones",
                OrderTitle = "Shop",
                SellerJid = Seller.WithDevice(2).ToString(),
                Token = "AR7",
                TotalAmount1000 = 12_990,
                TotalCurrencyCode = "BRL",
                Thumbnail = ByteString.CopyFrom(9),
            },
        });
        Assert.Equal(
            ("391", "Shop", 3, new MoneyAmount(12.99m, "BRL"), "two of the red ones", Seller, OrderStatus.Inquiry, "AR7"),
            (detail.OrderId, detail.Title, detail.ItemCount, detail.Total, detail.Note, detail.Seller, detail.Status, detail.Token));
        Assert.Equal(OrderStatus.Unknown, Only<OrderDetail>(new() { OrderMessage = new() { Status = (Message.Types.OrderMessage.Types.OrderStatus)77 } }).Status);
    }

    [Fact]
    public void A_product_has_its_prices_and_whose_it_is()
    {
        var detail = Only<ProductDetail>(new()
        {
            ProductMessage = new()
            {
                Product = new()
                {
                    ProductId = "77",
                    Title = "Mug",
                    Description = "White",
                    CurrencyCode = "BRL",
                    PriceAmount1000 = 30_000,
                    SalePriceAmount1000 = 25_500,
                    RetailerId = "MUG-1",
                    Url = "https://shop.example/mug",
                    ProductImageCount = 2,
                    ProductImage = new() { JpegThumbnail = ByteString.CopyFrom(7) },
                },
                BusinessOwnerJid = Seller.ToString(),
                Body = "Look",
                Footer = "F",
            },
        });
        Assert.Equal(
            ("77", "Mug", "White", new MoneyAmount(30m, "BRL"), new MoneyAmount(25.5m, "BRL"), "MUG-1", "https://shop.example/mug", 2),
            (detail.ProductId, detail.Title, detail.Description, detail.Price, detail.SalePrice, detail.RetailerId, detail.Url, detail.ImageCount));
        Assert.Equal((Seller, "Look", "F"), (detail.Business, detail.Body, detail.Footer));
        Assert.Equal([7], detail.Thumbnail);
        Assert.Null(Only<ProductDetail>(new() { ProductMessage = new() { Product = new() { PriceAmount1000 = 1 } } }).SalePrice);
    }

    [Fact]
    public void A_PIX_code_has_its_key_its_kind_and_its_amount()
    {
        var detail = Only<PixDetail>(Button("payment_info", Pix));
        Assert.Equal(new PixDetail("Shop", "39580525000189", "CNPJ", new(12.5m, "BRL"), "4P46GMY57GC"), detail);
        Assert.Equal(0m, Only<PixDetail>(Button("payment_info", Pix.Replace("1250", "0", StringComparison.Ordinal))).Total!.Value);
    }

    [Theory]
    [InlineData("payment_info", "no json")]
    [InlineData("payment_info", "[]")]
    [InlineData("payment_info", """{"payment_settings":{"type":"pix_static_code"}}""")]
    [InlineData("payment_info", """{"payment_settings":[{"type":"payment_link"}]}""")]
    [InlineData("payment_info", """{"payment_settings":[1,{"type":"pix_static_code","pix_static_code":"x"}]}""")]
    [InlineData("cta_url", Pix)]
    public void A_button_that_is_no_PIX_code_is_none(string name, string json) => Assert.Empty(MessageDetails.Of(Button(name, json)));

    [Fact]
    public void A_payment_is_requested_sent_declined_and_cancelled()
    {
        var request = Only<PaymentDetail>(new()
        {
            RequestPaymentMessage = new()
            {
                CurrencyCodeIso4217 = "BRL",
                Amount1000 = 5000,
                RequestFrom = Seller.ToString(),
                ExpiryTimestamp = 1_800_000_000,
                NoteMessage = new() { ExtendedTextMessage = new() { Text = "lunch" } },
            },
        });
        Assert.Equal(new PaymentDetail(PaymentStep.Requested, new(5m, "BRL"), "lunch", Seller, Soon, null), request);
        Assert.Equal(
            new MoneyAmount(0.75m, "USD"),
            Only<PaymentDetail>(new() { RequestPaymentMessage = new() { Amount1000 = 1, Amount = new() { Value = 75, Offset = 100, CurrencyCode = "USD" } } }).Amount);
        Assert.Equal((PaymentStep.Sent, "thanks", "R1"), Step(new() { SendPaymentMessage = new() { NoteMessage = new() { Conversation = "thanks" }, RequestMessageKey = new() { Id = "R1" } } }));
        Assert.Equal((PaymentStep.Declined, null, "R1"), Step(new() { DeclinePaymentRequestMessage = new() { Key = new() { Id = "R1" } } }));
        Assert.Equal((PaymentStep.Cancelled, null, "R1"), Step(new() { CancelPaymentRequestMessage = new() { Key = new() { Id = "R1" } } }));
        Assert.Equal((PaymentStep.Invited, null, null), Step(new() { PaymentInviteMessage = new() { ExpiryTimestamp = 5 } }));
    }

    [Fact]
    public void An_answer_to_a_story_names_the_story_and_what_it_showed()
    {
        var quoted = new Message { ImageMessage = new() { Caption = "at the beach", JpegThumbnail = ByteString.CopyFrom(3), DirectPath = "/v/x", MediaKey = ByteString.CopyFrom(new byte[32]) } };
        var detail = Only<StatusReplyDetail>(Reply(quoted, "status@broadcast"));
        Assert.Equal(("S1", Seller, StatusKind.Image, "at the beach", "/v/x"), (detail.StatusId, detail.Author, detail.Kind, detail.Text, detail.Media?.DirectPath));
        Assert.Equal([3], detail.Thumbnail);
        Assert.Equal((StatusKind.Text, "open"), Kind(new() { ExtendedTextMessage = new() { Text = "open" } }));
        Assert.Equal((StatusKind.Audio, null), Kind(new() { AudioMessage = new() { Ptt = true } }));
        Assert.Equal((StatusKind.Video, "v"), Kind(new() { VideoMessage = new() { Caption = "v" } }));
        Assert.Equal((StatusKind.Unknown, null), Kind(null));
        Assert.Empty(MessageDetails.Of(Reply(quoted, null)));
    }

    [Fact]
    public void Events_moving_places_and_invitations_have_all_their_fields()
    {
        Assert.Equal(
            new EventDetail("Opening", "With soup", Soon, Soon.AddHours(2), "Shop", "https://call.whatsapp.com/x", true, true, true),
            Only<EventDetail>(new()
            {
                EventMessage = new()
                {
                    Name = "Opening",
                    Description = "With soup",
                    StartTime = 1_800_000_000,
                    EndTime = 1_800_007_200,
                    Location = new() { Name = "Shop" },
                    JoinLink = "https://call.whatsapp.com/x",
                    IsCanceled = true,
                    IsScheduleCall = true,
                    ExtraGuestsAllowed = true,
                },
            }));
        Assert.Equal(
            new LiveLocationDetail(-23.5, -46.6, 20, 1.5f, 90, "on my way", 4, TimeSpan.FromSeconds(3)),
            Only<LiveLocationDetail>(new()
            {
                LiveLocationMessage = new()
                {
                    DegreesLatitude = -23.5,
                    DegreesLongitude = -46.6,
                    AccuracyInMeters = 20,
                    SpeedInMps = 1.5f,
                    DegreesClockwiseFromMagneticNorth = 90,
                    Caption = "on my way",
                    SequenceNumber = 4,
                    TimeOffset = 3,
                },
            }));
        Assert.Equal(
            new GroupInviteDetail(Jid.Parse("120363000000000001@g.us"), "CODE", Soon, "Team", "join us", true, null),
            Only<GroupInviteDetail>(new()
            {
                GroupInviteMessage = new()
                {
                    GroupJid = "120363000000000001@g.us",
                    InviteCode = "CODE",
                    InviteExpiration = 1_800_000_000,
                    GroupName = "Team",
                    Caption = "join us",
                    GroupType = Message.Types.GroupInviteMessage.Types.GroupType.Parent,
                },
            }));
    }

    [Fact]
    public void Plain_messages_have_none_and_one_that_is_two_things_has_both()
    {
        Assert.Empty(MessageDetails.Of(new() { Conversation = "hello" }));
        Assert.Empty(MessageDetails.Of(new()));
        var both = Reply(new() { Conversation = "open" }, "status@broadcast");
        both.ExtendedTextMessage.ContextInfo.ExternalAdReply = new() { Title = "Soup" };
        Assert.Equal([typeof(AdDetail), typeof(StatusReplyDetail)], MessageDetails.Of(both).Select(detail => detail.GetType()));
    }

    /// <summary>The one detail of a content, after it has been bytes.</summary>
    private static T Only<T>(Message content) where T : MessageDetail => Assert.IsType<T>(Assert.Single(MessageDetails.Of(Message.Parser.ParseFrom(content.ToByteArray()))));

    private static (PaymentStep, string?, string?) Step(Message content) => Only<PaymentDetail>(content) is var detail ? (detail.Step, detail.Note, detail.RequestId) : default;

    private static (StatusKind, string?) Kind(Message? quoted) => Only<StatusReplyDetail>(Reply(quoted, "status@broadcast")) is var detail ? (detail.Kind, detail.Text) : default;

    private static Message Button(string name, string json)
    {
        var flow = new Message.Types.InteractiveMessage.Types.NativeFlowMessage();
        flow.Buttons.Add(new Message.Types.InteractiveMessage.Types.NativeFlowMessage.Types.NativeFlowButton { Name = name, ButtonParamsJson = json });
        return new() { InteractiveMessage = new() { NativeFlowMessage = flow } };
    }

    private static Message Reply(Message? quoted, string? chat)
    {
        var context = new ContextInfo { StanzaId = "S1", Participant = Seller.ToString(), QuotedMessage = quoted };
        if (chat is not null) context.RemoteJid = chat;
        return new() { ExtendedTextMessage = new() { Text = "nice", ContextInfo = context } };
    }
}
