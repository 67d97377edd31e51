using System.Security.Cryptography;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.Media;
using Footbridge.Simulator.WhatsApp.State;
using Google.Protobuf;
using ResultType = Footbridge.Protocol.Generated.MediaRetryNotification.Types.ResultType;

namespace Footbridge.Simulator.WhatsApp.Phone;

/// <summary>What a phone does when a linked device asks it for a file again.</summary>
internal enum MediaAnswer
{
    UploadsAgain,
    HasItNoMore,
    CannotUpload,
    SaysNothing,
}

/// <summary>A file in a message, as the message describes it.</summary>
internal sealed record PhoneFile(MediaKind Kind, string DirectPath, byte[] Key, byte[] FileSha256, byte[] FileEncSha256)
{
    public static PhoneFile? Of(Message message) => PartOf(message) is var (kind, part)
        ? new(kind, part.DirectPath, part.MediaKey.ToByteArray(), part.FileSha256.ToByteArray(), part.FileEncSha256.ToByteArray())
        : null;

    /// <summary>The part of a message that is its file, out of whatever container.</summary>
    public static (MediaKind Kind, IFileMessage Part)? PartOf(Message message) =>
        (message.DocumentWithCaptionMessage?.Message ?? message.ViewOnceMessageV2?.Message ?? message.ViewOnceMessageV2Extension?.Message ?? message).Attachment;
}

/// <summary>A phone's files: sends them, opens those it gets, and uploads them again for its linked devices.</summary>
internal sealed class PhoneMedia(FakePhone phone, MediaHost host, State.Directory directory, TimeProvider time)
{
    public MediaAnswer Answer { get; set; }

    /// <summary>Uploads a file, as the app does before it sends.</summary>
    public (PhoneFile File, ulong Length) Upload(MediaKind kind, byte[] plain)
    {
        var key = RandomNumberGenerator.GetBytes(MediaKeys.MediaKeyBytes);
        var (body, summary) = Seal(kind, plain, key);
        return (new(kind, host.Store(body), key, summary.FileSha256, summary.FileEncSha256), (ulong)summary.Length);
    }

    public string SendImage(string toPhoneDigits, byte[] picture, string? caption = null, string mimetype = "image/jpeg")
    {
        var image = new Message.Types.ImageMessage { Mimetype = mimetype, Width = 1, Height = 1 };
        if (caption is not null) image.Caption = caption;
        return phone.Send(toPhoneDigits, Attach(new() { ImageMessage = image }, picture));
    }

    /// <summary>A voice message, recorded there.</summary>
    public string SendVoice(string toPhoneDigits, byte[] sound, uint seconds, string mimetype = "audio/ogg; codecs=opus")
    {
        var audio = new Message.Types.AudioMessage { Mimetype = mimetype, Ptt = true, Seconds = seconds };
        return phone.Send(toPhoneDigits, Attach(new() { AudioMessage = audio }, sound));
    }

    public string SendDocument(string toPhoneDigits, byte[] bytes, string fileName, string mimetype, string? caption = null)
    {
        var document = new Message.Types.DocumentMessage { Mimetype = mimetype, FileName = fileName };
        if (caption is null) return phone.Send(toPhoneDigits, Attach(new() { DocumentMessage = document }, bytes));
        document.Caption = caption;
        return phone.Send(toPhoneDigits, new() { DocumentWithCaptionMessage = new() { Message = Attach(new() { DocumentMessage = document }, bytes) } });
    }

    /// <summary>The file of a message that the phone got, checked.</summary>
    public byte[] Open(PhoneMessage message)
    {
        var file = PhoneFile.Of(message.Content) ?? throw new InvalidOperationException("the message has no file");
        var body = host.Find(file.DirectPath) ?? throw new InvalidOperationException("the media host does not have the file");
        if (file.Key.Length > 0) return Open(file, body);
        return SHA256.HashData(body).AsSpan().SequenceEqual(file.FileSha256) ? body : throw new InvalidOperationException("the file in clear has another hash than its message says");
    }

    /// <summary>An image for a channel: on the media host in clear.</summary>
    public Message ClearImage(byte[] jpeg, string? caption = null)
    {
        var path = host.Store(jpeg);
        var image = new Message.Types.ImageMessage
        {
            Mimetype = "image/jpeg",
            Width = 1,
            Height = 1,
            Url = $"https://{host.Authority}{path}",
            DirectPath = path,
            FileLength = (ulong)jpeg.Length,
            FileSha256 = Bytes(SHA256.HashData(jpeg)),
        };
        if (caption is not null) image.Caption = caption;
        return new() { ImageMessage = image };
    }

    /// <summary>A linked device asks for a message's file again.</summary>
    public void Take(Node receipt, SimDevice self)
    {
        if (Answer == MediaAnswer.SaysNothing || directory.FindDevice(receipt.RequiredJid("from")) is not { } device) return;
        var id = receipt.Required("id");
        var content = phone.Messages.FirstOrDefault(m => m.Id == id)?.Content;
        var answer = content is not null && PhoneFile.Of(content) is { } file && Answer != MediaAnswer.HasItNoMore
            ? Sealed(id, receipt, file)
            : Node.Of("error", [("code", 2)]);
        device.Push(Node.Of("notification",
            [("id", id), ("from", self.Account.Phone), ("type", "mediaretry"), ("t", time.GetUtcNow().ToUnixTimeSeconds())], receipt.Child("rmr"), answer));
    }

    private Node Sealed(string id, Node receipt, PhoneFile file)
    {
        var asked = MediaRetry.OpenRequest(id, receipt.Path("encrypt", "enc_p")?.ContentBytes, receipt.Path("encrypt", "enc_iv")?.ContentBytes, file.Key);
        var answer = new MediaRetryNotification { StanzaId = asked.StanzaId, Result = ResultType.GeneralError };
        if (Answer == MediaAnswer.UploadsAgain && host.Find(file.DirectPath) is { } kept)
        {
            var (body, _) = Seal(file.Kind, Open(file, kept), file.Key);
            (answer.Result, answer.DirectPath) = (ResultType.Success, host.Store(body));
        }

        var (payload, iv) = MediaRetry.SealAnswer(id, answer, file.Key);
        return Node.Of("encrypt", Node.OfBytes("enc_p", payload), Node.OfBytes("enc_iv", iv));
    }

    /// <summary>Uploads a file and says in its message, of whatever kind, where it is.</summary>
    public Message Attach(Message message, byte[] plain)
    {
        var (kind, part) = message.Attachment ?? throw new ArgumentException("the message has no place for a file");
        var (file, length) = Upload(kind, plain);
        (part.Url, part.DirectPath, part.FileLength) = (UrlOf(file), file.DirectPath, length);
        (part.MediaKey, part.FileSha256, part.FileEncSha256) = (Bytes(file.Key), Bytes(file.FileSha256), Bytes(file.FileEncSha256));
        return message;
    }

    private string UrlOf(PhoneFile file) => $"https://{host.Authority}{file.DirectPath}";

    // Files of phones are small and in memory, so these never wait.
    private static (byte[] Body, SealedMedia Summary) Seal(MediaKind kind, byte[] plain, byte[] key)
    {
        using var keys = new MediaKeys(key, kind);
        using var body = new MemoryStream();
        var summary = MediaEncryptor.EncryptAsync(new MemoryStream(plain), body, keys, withSidecar: false, CancellationToken.None).GetAwaiter().GetResult();
        return (body.ToArray(), summary);
    }

    private static byte[] Open(PhoneFile file, byte[] body)
    {
        using var keys = new MediaKeys(file.Key, file.Kind);
        using var plain = new MemoryStream();
        MediaDecryptor.DecryptAsync(new MemoryStream(body), plain, keys, new(file.FileSha256, file.FileEncSha256, null), CancellationToken.None).GetAwaiter().GetResult();
        return plain.ToArray();
    }

    private static ByteString Bytes(byte[] bytes) => ByteString.CopyFrom(bytes);
}
