using System.Text.Json.Nodes;
using Footbridge.Protocol.Generated;
using Footbridge.Simulator.WhatsApp.Media;
using Footbridge.Simulator.WhatsApp.Phone;
using Google.Protobuf;
using static Footbridge.Protocol.Generated.Message.Types;
using Flow = Footbridge.Protocol.Generated.Message.Types.InteractiveMessage.Types.NativeFlowMessage;

namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>Each kind of message that people send, and what else happens on phones; in the order in which the kinds are looked for.</summary>
internal static class PhoneRows
{
    private const string Pix = """{"currency":"BRL","total_amount":{"value":1050,"offset":100},"reference_id":"R1","payment_settings":[{"type":"pix_static_code","pix_static_code":{"merchant_name":"Ana & Co","key":"123","key_type":"CPF"}}]}""";
    private const string Card = "BEGIN:VCARD\nVERSION:3.0\nFN:Bob O'Neil\nitem1.TEL;waid=5511900000002:+55 11 90000-0002\nTEL;type=HOME:+55 11 4000-0000\nEND:VCARD";
    private const string OtherCard = "BEGIN:VCARD\nVERSION:3.0\nFN:Carla\nTEL:+55 21 3000-0000\nEND:VCARD";
    private const long Noon = 1_699_963_200;
    private static readonly byte[] Bytes = [.. "some bytes "u8, .. new byte[500]];
    private static readonly ByteString Thumbnail = ByteString.CopyFrom(1, 2, 3);

    public static IReadOnlyDictionary<string, Func<Row, Task>> All { get; } = new Dictionary<string, Func<Row, Task>>(StringComparer.Ordinal)
    {
        ["01-ad"] = row => row.SendsAsync(new()
        {
            ExtendedTextMessage = new() { Text = "is it on?", ContextInfo = new() { ExternalAdReply = new() { Title = "Spring sale", Body = "All *half*", SourceUrl = "https://fb.example/1", SourceId = "77", Thumbnail = Thumbnail } } },
        }),
        ["01-ad-without-picture"] = row => row.SendsAsync(new() { ExtendedTextMessage = new() { Text = "is it on?", ContextInfo = new() { ExternalAdReply = new() { Title = "Spring sale", SourceUrl = "https://fb.example/1" } } } }),
        ["02-status-reply-to-picture"] = row => row.SendsAsync(StatusReply(row, new() { ImageMessage = new() { Caption = "our *new* shop", JpegThumbnail = Thumbnail } })),
        ["02-status-reply-to-text"] = row => row.SendsAsync(StatusReply(row, new() { Conversation = "open _late_" })),
        ["02-status-reply-to-unknown"] = row => row.SendsAsync(StatusReply(row, null)),
        ["03-text"] = row => row.SendsAsync(new() { Conversation = "*bold* _italic_ ~gone~ `code` https://a.example/_x_ {{contact.name}}" }),
        ["03-text-extended"] = row => row.WritesAsync("two\nlines"),
        ["03-text-reply"] = async row =>
        {
            var first = await row.WritesAsync("the first");
            await row.ArrivesAsync(row.Ana.SendText(row.Shop.Number.User, "the answer", row.Anas(first)));
        },
        ["03-text-reply-to-unknown"] = row => row.ArrivesAsync(row.Ana.SendText(row.Shop.Number.User, "the answer", new("UNKNOWN", row.Shop.Number, row.Shop.Number, false, new() { Conversation = "long ago" }))),
        ["03-template-button-reply"] = row => row.SendsAsync(new() { TemplateButtonReplyMessage = new() { SelectedDisplayText = "now" } }),
        ["03-buttons"] = row => row.SendsAsync(new() { ButtonsMessage = new() { ContentText = "sure?", Buttons = { new ButtonsMessage.Types.Button { ButtonText = new() { DisplayText = "yes" } }, new ButtonsMessage.Types.Button { ButtonText = new() { DisplayText = "no" } } } } }),
        ["03-buttons-response"] = row => row.SendsAsync(new() { ButtonsResponseMessage = new() { SelectedDisplayText = "yes" } }),
        ["03-list-response"] = row => row.SendsAsync(new() { ListResponseMessage = new() { Title = "Soup" } }),
        ["03-link-preview"] = row => row.SendsAsync(new() { ExtendedTextMessage = new() { Text = "see https://a.example/x", MatchedText = "https://a.example/x", Title = "A page", Description = "about\nthings" } }),
        ["03-mention"] = row => row.SendsAsync(new() { ExtendedTextMessage = new() { Text = $"ask @{RowWorld.BensNumber}", ContextInfo = new() { MentionedJid = { $"{RowWorld.BensNumber}@s.whatsapp.net" } } } }),
        ["03-forwarded"] = row => row.SendsAsync(new() { ExtendedTextMessage = new() { Text = "news", ContextInfo = new() { IsForwarded = true, ForwardingScore = 1 } } }),
        ["03-forwarded-often"] = row => row.SendsAsync(new() { ExtendedTextMessage = new() { Text = "news", ContextInfo = new() { IsForwarded = true, ForwardingScore = 7 } } }),
        ["03-image"] = row => SendsFileAsync(row, new() { ImageMessage = new() { Mimetype = "image/jpeg" } }),
        ["03-image-with-caption"] = row => SendsFileAsync(row, new() { ImageMessage = new() { Mimetype = "image/jpeg", Caption = "see *this*" } }),
        ["03-video"] = row => SendsFileAsync(row, new() { VideoMessage = new() { Mimetype = "video/mp4", Caption = "a film" } }),
        ["03-gif"] = row => SendsFileAsync(row, new() { VideoMessage = new() { Mimetype = "video/mp4", GifPlayback = true } }),
        ["03-video-note"] = row => SendsFileAsync(row, new() { PtvMessage = new() { Mimetype = "video/mp4" } }),
        ["03-audio"] = row => SendsFileAsync(row, new() { AudioMessage = new() { Mimetype = "audio/mpeg" } }),
        ["03-voice"] = row => SendsFileAsync(row, new() { AudioMessage = new() { Mimetype = "audio/ogg; codecs=opus", Ptt = true, Seconds = 2 } }),
        ["03-document"] = row => SendsFileAsync(row, new() { DocumentMessage = new() { Mimetype = "application/pdf", FileName = "Preisliste ü \"1\".pdf" } }),
        ["03-document-with-caption"] = row => SendsFileAsync(row, new() { DocumentMessage = new() { Mimetype = "application/pdf", FileName = "a.pdf", Caption = "the *list*" } }, file => new() { DocumentWithCaptionMessage = new() { Message = file } }),
        ["03-document-without-name"] = row => SendsFileAsync(row, new() { DocumentMessage = new() { Mimetype = "application/pdf" } }),
        ["03-sticker"] = row => SendsFileAsync(row, new() { StickerMessage = new() { Mimetype = "image/webp" } }),
        ["03-image-in-reply"] = async row =>
        {
            var first = await row.WritesAsync("send it");
            await SendsFileAsync(row, new() { ImageMessage = new() { Mimetype = "image/jpeg", ContextInfo = new() { StanzaId = first.SourceId!, Participant = row.Ana.Number.ToString() } } });
        },
        ["03-view-once-text"] = row => row.ArrivesAsync(row.Ana.SendViewOnce(row.Shop.Number.User, "secret")),
        ["03-view-once-image"] = row => SendsFileAsync(row, new() { ImageMessage = new() { Mimetype = "image/jpeg", ViewOnce = true } }, file => new() { ViewOnceMessageV2 = new() { Message = file } }),
        ["03-ephemeral-text"] = row => row.SendsAsync(new() { EphemeralMessage = new() { Message = new() { ExtendedTextMessage = new() { Text = "for a day" } } } }),
        ["04-location"] = row => row.ArrivesAsync(row.Ana.SendLocation(row.Shop.Number.User, -23.55, -46.63, "Praça")),
        ["04-live-location"] = row => row.SendsAsync(new() { LiveLocationMessage = new() { DegreesLatitude = 1.5, DegreesLongitude = 2.25, Caption = "on my way" } }),
        ["05-contact"] = row => row.SendsAsync(new() { ContactMessage = new() { DisplayName = "Bob O'Neil", Vcard = Card } }),
        ["05-contacts"] = row => row.SendsAsync(new() { ContactsArrayMessage = new() { Contacts = { new ContactMessage { Vcard = Card }, new ContactMessage { Vcard = OtherCard } } } }),
        ["06-poll-1"] = row => row.SendsAsync(new() { PollCreationMessage = Poll }),
        ["06-poll-2"] = row => row.SendsAsync(new() { PollCreationMessageV2 = Poll }),
        ["06-poll-3"] = row => row.SendsAsync(new() { PollCreationMessageV3 = Poll }),
        ["06-poll-4"] = row => row.SendsAsync(new() { PollCreationMessageV4 = new() { Message = new() { PollCreationMessage = Poll } } }),
        ["06-poll-5"] = row => row.SendsAsync(new() { PollCreationMessageV5 = Poll }),
        ["07-list"] = row => row.SendsAsync(new()
        {
            ListMessage = new() { Title = "Menu", Description = "choose", ButtonText = "open", FooterText = "thanks", Sections = { new ListMessage.Types.Section { Title = "Food", Rows = { new ListMessage.Types.Row { Title = "Soup", Description = "hot" }, new ListMessage.Types.Row { Title = "Bread" } } } } },
        }),
        ["08-event"] = row => row.ArrivesAsync(row.Ana.SendEvent(row.Shop.Number.User, "Party & *more*", Noon)),
        ["09-pix"] = row => row.SendsAsync(new() { InteractiveMessage = new() { NativeFlowMessage = new() { Buttons = { new Flow.Types.NativeFlowButton { Name = "payment_info", ButtonParamsJson = Pix } } } } }),
        ["10-album"] = row => row.SendsAsync(new() { AlbumMessage = new() { ExpectedImageCount = 2, ExpectedVideoCount = 1 } }),
        ["11-file-that-cannot-be-had"] = row => LosesFileAsync(row, null),
        ["11-file-that-cannot-be-had-with-caption"] = row => LosesFileAsync(row, "my *invoice*"),
        ["12-unsupported"] = row => row.SendsAsync(new() { StickerPackMessage = new() { Name = "Cats" } }),
        ["12-product"] = row => row.SendsAsync(new() { ProductMessage = new() { Product = new() { Title = "Cup", Description = "blue", PriceAmount1000 = 9990, CurrencyCode = "USD", Url = "https://shop.example/cup" } } }),
        ["12-order"] = row => row.SendsAsync(new() { OrderMessage = new() { OrderTitle = "Cups", ItemCount = 2, TotalAmount1000 = 19980, TotalCurrencyCode = "USD", Message = "fast please" } }),
        ["12-payment"] = row => row.SendsAsync(new() { RequestPaymentMessage = new() { Amount1000 = 5000, CurrencyCodeIso4217 = "USD", NoteMessage = new() { ExtendedTextMessage = new() { Text = "lunch" } } } }),
        ["12-group-invitation"] = row => row.SendsAsync(new() { GroupInviteMessage = new() { GroupName = "Friends", Caption = "join us", GroupJid = "1@g.us" } }),
        ["13-nothing-for-agents"] = async row =>
        {
            row.Ana.Send(row.Shop.Number.User, new() { ProtocolMessage = new() { Type = ProtocolMessage.Types.Type.EphemeralSetting, EphemeralExpiration = 86400 } });
            row.Ana.Send(row.Shop.Number.User, new() { KeepInChatMessage = new() { Key = new() { Id = (await row.WritesAsync("keep this")).SourceId!, RemoteJid = row.Shop.Number.ToString(), FromMe = true }, KeepType = KeepType.KeepForAll } });
        },
        ["21-from-the-phone"] = row => row.ArrivesAsync(row.Shop.SendText(RowWorld.AnasNumber, "from *my* phone")),
        ["21-from-the-phone-image"] = row => row.ArrivesAsync(row.Shop.Media.SendImage(RowWorld.AnasNumber, Bytes, "the menu")),
        ["22-from-the-api"] = async row => await row.ArrivesAsync((await row.PostAsync("/api/sendText", new() { ["session"] = "shop", ["chatId"] = $"{RowWorld.AnasNumber}@c.us", ["text"] = "by the API" }))!["key"]!["id"]!.ToString()),
        ["23-in-a-group"] = row => row.ArrivesAsync(row.Ana.Groups.SendText(row.Group, "is it *open*?")),
        ["23-in-a-group-contact"] = row => row.ArrivesAsync(row.Ben.Groups.Send(row.Group, new() { ContactMessage = new() { DisplayName = "Carla", Vcard = OtherCard } })),
        ["24-in-a-channel"] = row => row.ArrivesAsync(row.Ana.Channels.PostText(row.Channel, "half price on *Friday*")),
        ["25-status"] = row => row.ArrivesAsync(row.Ana.Groups.SendStatus(new() { ExtendedTextMessage = new() { Text = "at the beach" } }, row.Shop.Number.User)),
        ["26-first-message-of-a-person"] = row => row.ArrivesAsync(row.World.WhatsApp.AddAccount("5511900000077", "Eve Example").SendText(row.Shop.Number.User, "who are you?")),
        ["31-reaction"] = async row => row.Ana.React(row.Shop.Number.User, row.Anas(await row.WritesAsync("thanks")), "👍"),
        ["31-reaction-taken-back"] = async row =>
        {
            var thanks = row.Anas(await row.WritesAsync("thanks"));
            row.Ana.React(row.Shop.Number.User, thanks, "👍");
            await row.SaysAsync(row.Conversation, "*Reaction* 👍");
            row.Ana.React(row.Shop.Number.User, thanks, "");
        },
        ["32-edit"] = async row => row.Ana.Edit(row.Shop.Number.User, row.Anas(await row.WritesAsync("two cakes")), "three *cakes*", wraps: true),
        ["33-deletion"] = async row => row.Ana.Revoke(row.Shop.Number.User, row.Anas(await row.WritesAsync("my password"))),
        ["33-deletion-on-the-phone"] = async row =>
        {
            var slip = await row.ArrivesAsync(row.Shop.SendText(RowWorld.AnasNumber, "a slip"));
            row.Shop.Revoke(RowWorld.AnasNumber, row.Shop.Messages.First(m => m.Id == slip.SourceId));
        },
        ["34-call-missed"] = row => CallsAsync(row, "timeout", "Nobody answered"),
        ["34-call-taken"] = row => CallsAsync(row, "accepted_elsewhere", "taken on another device"),
        ["34-call-declined-by-us"] = async row =>
        {
            var call = row.Ana.People.Call(row.Shop.Number.User, isVideo: true);
            await row.SaysAsync(row.Conversation, "coming in");
            await row.PostAsync("/api/shop/calls/reject", new() { ["from"] = $"{RowWorld.AnasNumber}@c.us", ["id"] = call });
            await row.SaysAsync(row.Conversation, "Call over");
        },
    };

    private static PollCreationMessage Poll => new()
    {
        Name = "Tom & *Jerry*?",
        Options = { new PollCreationMessage.Types.Option { OptionName = "yes" }, new PollCreationMessage.Types.Option { OptionName = "no" } },
    };

    private static Message StatusReply(Row row, Message? quoted) => new()
    {
        ExtendedTextMessage = new() { Text = "nice", ContextInfo = new() { StanzaId = "STATUS", RemoteJid = "status@broadcast", Participant = row.Shop.Number.ToString(), QuotedMessage = quoted } },
    };

    private static Task SendsFileAsync(Row row, Message message, Func<Message, Message>? wrap = null)
    {
        row.Ana.Media.Attach(message, Bytes);
        return row.SendsAsync(wrap is null ? message : wrap(message));
    }

    private static async Task LosesFileAsync(Row row, string? caption)
    {
        row.World.WhatsApp.Media.Fault = _ => new MediaFault.Status(410);
        row.Shop.Media.Answer = MediaAnswer.HasItNoMore;
        await row.ArrivesAsync(row.Ana.Media.SendImage(row.Shop.Number.User, Bytes, caption));
        row.World.WhatsApp.Media.Fault = null;
    }

    private static async Task CallsAsync(Row row, string reason, string end)
    {
        var call = row.Ana.People.Call(row.Shop.Number.User);
        await row.SaysAsync(row.Conversation, "coming in");
        row.Ana.People.FollowCall(row.Shop.Number.User, call, "terminate", reason);
        await row.SaysAsync(row.Conversation, end);
    }
}
