using System.Security.Cryptography;
using System.Text;
using Footbridge.Protocol.Xml;

namespace Footbridge.Protocol.Messages;

/// <summary>What a key derived from a message's secret is for; the text goes into the derivation.</summary>
public static class AddOnUse
{
    public const string PollVote = "Poll Vote";
    public const string EventResponse = "Event Response";
    public const string Reaction = "Enc Reaction";
    public const string Comment = "Enc Comment";
    public const string EventEdit = "Event Edit";
    public const string MessageEdit = "Message Edit";
    public const string PollEdit = "Poll Edit";
    public const string ReportToken = "Report Token";
}

/// <summary>Encrypts what people add to a message (votes, responses, reactions, edits) under the secret that came with it.</summary>
/// <remarks>AES-256-GCM under a key that both authors' addresses go into. Source: docs/protocol/message-kinds.md.</remarks>
public static class AddOnCipher
{
    /// <summary>Length of a message's secret.</summary>
    public const int SecretBytes = 32;

    /// <summary>Length of the nonce that stands beside the ciphertext.</summary>
    public const int NonceBytes = 12;

    private const int TagBytes = 16;

    /// <summary>The key of one use.</summary>
    /// <param name="author">Who wrote the message, without device.</param>
    /// <param name="modifier">Who adds to it, without device.</param>
    public static byte[] DeriveKey(string use, ReadOnlySpan<byte> secret, string messageId, Jid author, Jid modifier)
    {
        var info = Encoding.UTF8.GetBytes($"{messageId}{author.ToUser()}{modifier.ToUser()}{use}");
        var key = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt: [], info);
        return key;
    }

    /// <summary>The ciphertext, its tag behind it.</summary>
    public static byte[] Encrypt(string use, ReadOnlySpan<byte> secret, string messageId, Jid author, Jid modifier, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> nonce)
    {
        using var gcm = new AesGcm(DeriveKey(use, secret, messageId, author, modifier), TagBytes);
        var sealedBytes = new byte[plaintext.Length + TagBytes];
        gcm.Encrypt(nonce, plaintext, sealedBytes.AsSpan(0, plaintext.Length), sealedBytes.AsSpan(plaintext.Length), AssociatedData(use, messageId, modifier));
        return sealedBytes;
    }

    /// <summary>The plaintext, or null when the key is another one; each combination of the two people's addresses is tried.</summary>
    /// <param name="authors">The addresses of the message's author, the likeliest first.</param>
    /// <param name="modifiers">The addresses of whoever added to it, the likeliest first.</param>
    public static byte[]? TryDecrypt(
        string use, ReadOnlySpan<byte> secret, string messageId, IReadOnlyList<Jid> authors, IReadOnlyList<Jid> modifiers, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> nonce)
    {
        if (sealedBytes.Length < TagBytes || nonce.Length != NonceBytes || secret.Length != SecretBytes) return null;
        foreach (var author in authors)
        {
            foreach (var modifier in modifiers)
            {
                if (TryOpen(use, secret, messageId, author, modifier, sealedBytes, nonce) is { } plaintext) return plaintext;
            }
        }

        return null;
    }

    private static byte[]? TryOpen(string use, ReadOnlySpan<byte> secret, string messageId, Jid author, Jid modifier, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> nonce)
    {
        using var gcm = new AesGcm(DeriveKey(use, secret, messageId, author, modifier), TagBytes);
        var plaintext = new byte[sealedBytes.Length - TagBytes];
        try
        {
            gcm.Decrypt(nonce, sealedBytes[..^TagBytes], sealedBytes[^TagBytes..], plaintext, AssociatedData(use, messageId, modifier));
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] AssociatedData(string use, string messageId, Jid modifier) =>
        use is AddOnUse.PollVote or AddOnUse.EventResponse ? Encoding.UTF8.GetBytes($"{messageId}\0{modifier.ToUser()}") : [];
}
