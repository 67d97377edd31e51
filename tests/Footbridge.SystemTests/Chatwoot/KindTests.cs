using Footbridge.Protocol.Generated;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;
using Google.Protobuf;
using static Footbridge.Protocol.Generated.Message.Types;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Each kind of message as an agent reads it.</summary>
public sealed class KindTests : ChatwootTest
{
    [Fact]
    public async Task An_ad_shows_its_title_text_link_and_picture_and_what_the_customer_wrote()
    {
        var ad = new ContextInfo.Types.ExternalAdReplyInfo { Title = "Spring sale", Body = "All *half*", SourceUrl = "https://fb.example/1", SourceId = "77", Thumbnail = ByteString.CopyFrom(1, 2, 3) };
        var shown = await ArriveAsync(new() { ExtendedTextMessage = new() { Text = "is it on?", ContextInfo = new() { ExternalAdReply = ad } } });
        foreach (var part in new[] { "**Spring sale**", "All **half**", "https://fb.example/1", "77", "is it on?" }) Assert.Contains(part, shown.Content, StringComparison.Ordinal);
        Assert.Equal(("facebook-ad-image.jpg", "image/jpeg"), (shown.Files[0].Name, shown.Files[0].ContentType));
        Assert.Equal(new byte[] { 1, 2, 3 }, shown.Files[0].Bytes);
    }

    [Fact]
    public async Task An_answer_to_a_status_shows_what_the_status_was()
    {
        var context = new ContextInfo { StanzaId = "3EB0AAAAAAAAAAAAAAAA", RemoteJid = "status@broadcast", Participant = Shop.Number.ToString() };
        context.QuotedMessage = new() { ImageMessage = new() { Caption = "our *new* shop", JpegThumbnail = ByteString.CopyFrom(9, 9) } };
        var shown = await ArriveAsync(new() { ExtendedTextMessage = new() { Text = "nice", ContextInfo = context } });
        Assert.Equal("📣 **Answer to a status**\nKind: image\nStatus: our **new** shop\n\nnice", shown.Content);
        Assert.Equal("status-message.jpeg", Assert.Single(shown.Files).Name);
    }

    [Fact]
    public async Task A_location_and_a_live_one_have_a_link_to_a_map()
    {
        var place = await ArrivedAsync(Ana.SendLocation(Shop.Number.User, -23.55, -46.63, "Praça"));
        Assert.Equal("📍 **Location**\n**Praça**\n[Open the map](https://www.google.com/maps?q=-23.55,-46.63)", place.Content);
        var live = await ArriveAsync(new() { LiveLocationMessage = new() { DegreesLatitude = 1.5, DegreesLongitude = 2.25, Caption = "on my way" } });
        Assert.Contains("https://www.google.com/maps?q=1.5,2.25", live.Content, StringComparison.Ordinal);
        Assert.Contains("on my way", live.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Contact_cards_show_names_numbers_and_a_link_to_chat_and_are_files_too()
    {
        const string One = "BEGIN:VCARD\nVERSION:3.0\nFN:Bob O'Neil\nitem1.TEL;waid=5511900000002:+55 11 90000-0002\nTEL;type=HOME:+55 11 4000-0000\nEND:VCARD";
        const string Two = "BEGIN:VCARD\nVERSION:3.0\nFN:Carla\nTEL:+55 21 3000-0000\nEND:VCARD";
        var shown = await ArriveAsync(new() { ContactsArrayMessage = new() { Contacts = { new ContactMessage { Vcard = One }, new ContactMessage { Vcard = Two } } } });
        Assert.Equal("👤 **Contact card**\n\n**Bob O'Neil**\n- +55 11 90000-0002\n- +55 11 4000-0000\n\n**Carla**\n- +55 21 3000-0000\n\n[Start a chat](https://wa.me/5511900000002)", shown.Content);
        Assert.Equal(["vcard-1.vcf", "vcard-2.vcf"], shown.Files.Select(file => file.Name));
        Assert.Equal(One, System.Text.Encoding.UTF8.GetString(shown.Files[0].Bytes));
        Assert.All(shown.Files, file => Assert.Equal("text/vcard", file.ContentType));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_poll_of_any_version_shows_its_options(int version)
    {
        var poll = new PollCreationMessage { Name = "Tom & *Jerry*?", Options = { new PollCreationMessage.Types.Option { OptionName = "yes" }, new PollCreationMessage.Types.Option { OptionName = "no" } } };
        var shown = await ArriveAsync(version switch
        {
            1 => new() { PollCreationMessage = poll },
            2 => new() { PollCreationMessageV2 = poll },
            3 => new() { PollCreationMessageV3 = poll },
            4 => new() { PollCreationMessageV4 = new() { Message = new() { PollCreationMessage = poll } } },
            _ => new() { PollCreationMessageV5 = poll },
        });
        Assert.Equal("📊 **Poll**\n**Tom & **Jerry**?**\n- yes\n- no", shown.Content);
    }

    [Fact]
    public async Task A_list_shows_its_rows_and_a_text_its_buttons()
    {
        var list = new ListMessage { Title = "Menu", Description = "choose", ButtonText = "open", Sections = { new ListMessage.Types.Section { Title = "Food", Rows = { new ListMessage.Types.Row { Title = "Soup" } } } } };
        var shown = await ArriveAsync(new() { ListMessage = list });
        foreach (var part in new[] { "**Menu**", "choose", "[open]", "Food", "Soup" }) Assert.Contains(part, shown.Content, StringComparison.Ordinal);
        var buttons = new ButtonsMessage { ContentText = "sure?", Buttons = { new ButtonsMessage.Types.Button { ButtonText = new() { DisplayText = "yes" } }, new ButtonsMessage.Types.Button { ButtonText = new() { DisplayText = "no" } } } };
        Assert.Equal("sure?\n\n- yes\n- no", (await ArriveAsync(new() { ButtonsMessage = buttons })).Content);
        Assert.Equal("yes", (await ArriveAsync(new() { ButtonsResponseMessage = new() { SelectedDisplayText = "yes" } })).Content);
        Assert.Equal("Soup", (await ArriveAsync(new() { ListResponseMessage = new() { Title = "Soup" } })).Content);
        Assert.Equal("now", (await ArriveAsync(new() { TemplateButtonReplyMessage = new() { SelectedDisplayText = "now" } })).Content);
    }

    [Fact]
    public async Task A_pix_code_shows_the_key_and_the_amount()
    {
        const string Params = """{"currency":"BRL","total_amount":{"value":1050,"offset":100},"reference_id":"R1","payment_settings":[{"type":"pix_static_code","pix_static_code":{"merchant_name":"Ana & Co","key":"123","key_type":"CPF"}}]}""";
        var flow = new InteractiveMessage.Types.NativeFlowMessage { Buttons = { new InteractiveMessage.Types.NativeFlowMessage.Types.NativeFlowButton { Name = "payment_info", ButtonParamsJson = Params } } };
        var shown = await ArriveAsync(new() { InteractiveMessage = new() { NativeFlowMessage = flow } });
        foreach (var part in new[] { "💳", "Ana & Co", "`123` (CPF)", "10.50", "R1" }) Assert.Contains(part, shown.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_albums_products_orders_payments_and_invitations_are_told()
    {
        var planned = await ArrivedAsync(Ana.SendEvent(Shop.Number.User, "Party", 1_700_000_000));
        Assert.StartsWith("📅 **Event**\n**Party**\nStart: Tue, Nov 14, 2023 • ", planned.Content!, StringComparison.Ordinal);
        Assert.Equal("📷 **Album**: 3 files follow\n- Images: 2\n- Videos: 1", (await ArriveAsync(new() { AlbumMessage = new() { ExpectedImageCount = 2, ExpectedVideoCount = 1 } })).Content);
        var product = new ProductMessage { Product = new() { Title = "Cup", Description = "blue", PriceAmount1000 = 9990, CurrencyCode = "USD", Url = "https://shop.example/cup" } };
        Assert.Equal("🏷️ **Product: Cup**\nblue\nPrice: **$9.99**\nhttps://shop.example/cup", (await ArriveAsync(new() { ProductMessage = product })).Content);
        var order = new OrderMessage { OrderTitle = "Cups", ItemCount = 2, TotalAmount1000 = 19980, TotalCurrencyCode = "USD", Message = "fast please" };
        Assert.Equal("🛒 **Order**\nCups\nItems: 2\nTotal: **$19.98**\nfast please", (await ArriveAsync(new() { OrderMessage = order })).Content);
        var asked = new RequestPaymentMessage { Amount1000 = 5000, CurrencyCodeIso4217 = "USD", NoteMessage = new() { ExtendedTextMessage = new() { Text = "lunch" } } };
        Assert.Equal("💳 **Payment:** $5.00 (lunch)", (await ArriveAsync(new() { RequestPaymentMessage = asked })).Content);
        Assert.Equal("👥 **Invitation to the group Friends**\njoin us", (await ArriveAsync(new() { GroupInviteMessage = new() { GroupName = "Friends", Caption = "join us", GroupJid = "1@g.us" } })).Content);
    }

    [Theory]
    [InlineData(1, "↪️ *Forwarded*\n\nnews")]
    [InlineData(7, "⏩ *Forwarded many times*\n\nnews")]
    public async Task A_forwarded_message_says_so(uint times, string expected) =>
        Assert.Equal(expected, (await ArriveAsync(new() { ExtendedTextMessage = new() { Text = "news", ContextInfo = new() { IsForwarded = true, ForwardingScore = times } } })).Content);

    [Fact]
    public async Task Somebody_who_is_mentioned_is_named_and_a_linked_page_stands_under_its_text()
    {
        await AnaWritesAsync("hello");
        var mentioned = new ContextInfo { MentionedJid = { $"{Customer}@s.whatsapp.net", "5511900000077@s.whatsapp.net" } };
        var shown = await ArriveAsync(new() { ExtendedTextMessage = new() { Text = $"ask @{Customer} or @5511900000077", ContextInfo = mentioned } });
        Assert.Equal("ask @Ana Example or @+5511900000077", shown.Content);
        var linked = await ArriveAsync(new() { ExtendedTextMessage = new() { Text = "see https://a.example/x", MatchedText = "https://a.example/x", Title = "A page", Description = "about\nthings" } });
        Assert.Equal("see https://a.example/x\n\n> **A page**\n> about things", linked.Content);
    }

    [Fact]
    public async Task A_view_once_message_is_marked_and_kept_from_chatwoot_when_the_app_says_so()
    {
        var shown = await ArrivedAsync(Ana.SendViewOnce(Shop.Number.User, "secret"));
        Assert.Equal("👁️ 1️⃣ secret", shown.Content);
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["config"]!["footbridge"] = new System.Text.Json.Nodes.JsonObject { ["viewOnce"] = "placeholder" }), 200);
        var kept = await ArrivedAsync(Ana.SendViewOnce(Shop.Number.User, "secret"));
        Assert.Equal("👁️ **View-once message**, to be opened on the phone.", kept.Content);
    }

    [Fact]
    public async Task A_kind_that_nobody_knows_is_told_with_a_link_to_its_job()
    {
        var shown = await ArriveAsync(new() { StickerPackMessage = new() { Name = "Cats" } });
        Assert.StartsWith("⚠️ **Unsupported message, see the phone.**\nDetails: [whatsapp | message.any => job_", shown.Content, StringComparison.Ordinal);
    }

    private Task<SimMessage> ArriveAsync(Message message) => ArrivedAsync(Ana.Send(Shop.Number.User, message));
}
