using System.Globalization;
using System.Security.Cryptography;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Protocol;
using Footbridge.Protocol.Pairing;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Pairing;

/// <summary>Links this device by a code that the owner types on the phone. Source: docs/protocol/pairing-login.md.</summary>
/// <remarks>Needs a connection that shows QR codes; the QR stays valid beside the code, whichever the phone uses first.</remarks>
internal sealed class CodePairing(LiveAccount account, QrRotation rotation, WaClientOptions options, TimeProvider time, ILogger logger) : IStanzaHandler
{
    private const int MinDigits = 7;
    private const int MaxDigits = 15;
    private volatile Pending? _pending;

    /// <summary>The secret agreed on with the phone whose owner typed the code; null before.</summary>
    public byte[]? AdvSecret { get; private set; }

    /// <summary>Asks WhatsApp to take a code for a number; a further call replaces the code before.</summary>
    /// <returns>The code, eight characters.</returns>
    public async Task<string> RequestAsync(string phoneDigits, string? code, CancellationToken ct)
    {
        if (phoneDigits.Length is < MinDigits or > MaxDigits || !phoneDigits.All(char.IsAsciiDigit) || phoneDigits[0] == '0')
        {
            throw new ArgumentException("the phone number must be 7 to 15 digits in international form, without 0 or + in front", nameof(phoneDigits));
        }

        if (code is null) code = LinkCode.Create();
        else if (!LinkCode.TryParse(code, out code)) throw new ArgumentException($"a code has 8 characters of {PairingAlphabet.Characters}", nameof(code));
        if (!rotation.IsShowing) throw new NotOnlineException("the account is not waiting to be linked");
        var ephemeral = Curve25519.GenerateKeyPair();
        var phone = new Jid(phoneDigits, JidServer.User);
        var answer = await account.QueryAsync(LinkCodeStanzas.Hello(phone, LinkCode.Wrap(code, ephemeral.Public), account.Credentials.NoiseKey.Public, options), options.QueryTimeout, ct);
        var reference = answer.Path("link_code_companion_reg", "link_code_pairing_ref")?.ContentBytes ?? throw new ProtocolException("WhatsApp took the code without a reference");
        _pending = new(phone, code, ephemeral, reference);
        rotation.KeepUntil(time.GetUtcNow() + LinkCode.Lifetime);
        return code;
    }

    /// <summary>A new connection: what was agreed on the last one is void.</summary>
    public void Forget() => (_pending, AdvSecret) = (null, null);

    /// <summary>A notification of type <c>link_code_companion_reg</c>, inside the loop.</summary>
    public ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        account.Send(Acks.For(stanza));
        if (stanza.Child("link_code_companion_reg") is not { } hello || hello["stage"] != "primary_hello") return ValueTask.CompletedTask;
        var reference = hello.Child("link_code_pairing_ref")?.ContentBytes ?? [];
        if (_pending is not { } pending || !CryptographicOperations.FixedTimeEquals(reference, pending.Reference))
        {
            logger.LinkCodeIgnored();
            return ValueTask.CompletedTask;
        }

        _pending = null;
        Finish(pending, hello, ct);
        return ValueTask.CompletedTask;
    }

    private void Finish(Pending pending, Node hello, CancellationToken ct)
    {
        var wrapped = hello.Child("link_code_pairing_wrapped_primary_ephemeral_pub")?.ContentBytes ?? throw new ProtocolException("the phone's hello has no ephemeral key");
        var phoneIdentity = hello.Child("primary_identity_pub")?.ContentBytes ?? throw new ProtocolException("the phone's hello has no identity");
        var identity = account.Credentials.Identity.Identity;
        var shared = Curve25519.Agree(pending.Ephemeral.Private, LinkCode.Unwrap(pending.Code, wrapped));
        var bundle = LinkBundle.Create(identity.Public, phoneIdentity);
        AdvSecret = bundle.AdvSecret(shared, identity.Private, phoneIdentity);
        _ = TellAsync(LinkCodeStanzas.Finish(pending.Phone, bundle.Seal(shared), identity.Public, pending.Reference), ct);
    }

    /// <summary>The answer is waited for outside the loop; what the phone signed comes as a stanza of its own.</summary>
    private async Task TellAsync(Node finish, CancellationToken ct)
    {
        try
        {
            await account.QueryAsync(finish, options.QueryTimeout, ct);
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException or NotOnlineException or OperationCanceledException)
        {
            // The QR codes go on, and a further code may be asked for.
            logger.LinkCodeFailed(e.Message);
        }
    }

    private sealed record Pending(Jid Phone, string Code, KeyPair Ephemeral, byte[] Reference)
    {
        public override string ToString() => "Pending [redacted]";
    }
}

/// <summary>The iqs of linking by code.</summary>
internal static class LinkCodeStanzas
{
    public static Node Hello(Jid phone, byte[] wrappedEphemeral, byte[] noiseKey, WaClientOptions options) => Set(
        Node.Of("link_code_companion_reg", [("jid", phone), ("stage", "companion_hello"), ("should_show_push_notification", "true")],
            Node.OfBytes("link_code_pairing_wrapped_companion_ephemeral_pub", wrappedEphemeral),
            Node.OfBytes("companion_server_auth_key_pub", noiseKey),
            Node.OfText("companion_platform_id", ((int)options.Browser).ToString(CultureInfo.InvariantCulture)),
            Node.OfText("companion_platform_display", options.LinkCodeDisplay),
            Node.OfText("link_code_pairing_nonce", "0")));

    public static Node Finish(Jid phone, byte[] bundle, byte[] identity, byte[] reference) => Set(
        Node.Of("link_code_companion_reg", [("jid", phone), ("stage", "companion_finish")],
            Node.OfBytes("link_code_pairing_wrapped_key_bundle", bundle),
            Node.OfBytes("companion_identity_public", identity),
            Node.OfBytes("link_code_pairing_ref", reference)));

    private static Node Set(Node registration) => Iq.Set("md", registration);
}
