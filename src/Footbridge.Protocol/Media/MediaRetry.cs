using System.Security.Cryptography;
using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.Protocol.Media;

/// <summary>What a device and the account's phone tell each other about a file that the media host no longer has. Source: docs/protocol/media.md.</summary>
public static class MediaRetry
{
    public const int IvBytes = 12;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    /// <summary>The key of both directions.</summary>
    internal static byte[] DeriveKey(ReadOnlySpan<byte> mediaKey)
    {
        var key = new byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, mediaKey, key, [], "WhatsApp Media Retry Notification"u8);
        return key;
    }

    /// <summary>Seals the request for a message's file.</summary>
    public static (byte[] Payload, byte[] Iv) SealRequest(string messageId, ReadOnlySpan<byte> mediaKey) =>
        Seal(new ServerErrorReceipt { StanzaId = messageId }, messageId, mediaKey);

    /// <summary>Seals the phone's answer.</summary>
    public static (byte[] Payload, byte[] Iv) SealAnswer(string messageId, MediaRetryNotification answer, ReadOnlySpan<byte> mediaKey) => Seal(answer, messageId, mediaKey);

    /// <exception cref="ProtocolException">It was not sealed for this message with this key.</exception>
    public static ServerErrorReceipt OpenRequest(string messageId, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> mediaKey) =>
        Protobuf.Parse(ServerErrorReceipt.Parser, Open(messageId, payload, iv, mediaKey));

    /// <exception cref="ProtocolException">It was not sealed for this message with this key.</exception>
    public static MediaRetryNotification OpenAnswer(string messageId, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> mediaKey) =>
        Protobuf.Parse(MediaRetryNotification.Parser, Open(messageId, payload, iv, mediaKey));

    private static (byte[] Payload, byte[] Iv) Seal(IMessage content, string messageId, ReadOnlySpan<byte> mediaKey)
    {
        var (key, iv, plain) = (DeriveKey(mediaKey), RandomNumberGenerator.GetBytes(IvBytes), content.ToByteArray());
        var payload = new byte[plain.Length + TagBytes];
        using var gcm = new AesGcm(key, TagBytes);
        CryptographicOperations.ZeroMemory(key);
        gcm.Encrypt(iv, plain, payload.AsSpan(0, plain.Length), payload.AsSpan(plain.Length), System.Text.Encoding.UTF8.GetBytes(messageId));
        return (payload, iv);
    }

    private static byte[] Open(string messageId, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> mediaKey)
    {
        if (payload.Length < TagBytes || iv.Length != IvBytes) throw new ProtocolException("a media retry is cut short");
        var key = DeriveKey(mediaKey);
        var plain = new byte[payload.Length - TagBytes];
        using var gcm = new AesGcm(key, TagBytes);
        CryptographicOperations.ZeroMemory(key);
        try
        {
            gcm.Decrypt(iv, payload[..plain.Length], payload[plain.Length..], plain, System.Text.Encoding.UTF8.GetBytes(messageId));
            return plain;
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new ProtocolException("a media retry was sealed with another key or for another message", e);
        }
    }
}
