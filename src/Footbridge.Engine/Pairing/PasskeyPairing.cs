using System.Security.Cryptography;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Protocol;
using Footbridge.Protocol.Pairing;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Pairing;

/// <summary>Goes on with a pairing for which WhatsApp wants the account's passkey. Source: docs/protocol/pairing.md.</summary>
/// <remarks>The passkey is in a browser or a phone, so its answer comes from outside. Nothing is kept: a connection that breaks begins anew, with a QR code.</remarks>
internal sealed class PasskeyPairing(AccountContext context, LiveAccount account, QrRotation rotation, CodePairing code) : IStanzaHandler
{
    public const string RequestType = "passkey_prologue_request";
    public const string ContinuationType = "crsc_continuation";
    private Attempt? _attempt;

    /// <summary>The secret that the phone was told; null before.</summary>
    public byte[]? AdvSecret => Volatile.Read(ref _attempt) is { Stage: Stage.Told } told ? told.AdvSecret : null;

    /// <summary>A new connection: what was agreed on the last one is void.</summary>
    public void Forget() => Volatile.Write(ref _attempt, null);

    /// <summary>A notification of either type, inside the loop.</summary>
    public ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        account.Send(Acks.For(stanza));
        if (stanza.JidOf("from") != Jid.Service) context.Logger.PasskeyIgnored("it is not from the server");
        else if (stanza["type"] == RequestType) Ask(stanza);
        else Continue(stanza);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc cref="WaClient.AnswerPasskeyAsync"/>
    public async Task AnswerAsync(string assertionJson, CancellationToken ct)
    {
        if (Volatile.Read(ref _attempt) is not { Stage: Stage.Asked } asked) throw new NotOnlineException("no passkey challenge is pending");
        var assertion = Read(assertionJson, asked.Challenge);
        var claimed = asked with { Stage = Stage.Answered };
        if (!TryMove(asked, claimed)) throw new NotOnlineException("no passkey challenge is pending");
        var current = claimed;
        try
        {
            var reference = await account.QueryAsync(PasskeyStanzas.Ref(), context.Options.QueryTimeout, ct);
            var device = new PasskeyDevice(ClientPayloads.PlatformOf(context.Options.Browser), reference.Child("ref")?.ContentText ?? throw new QueryFailedException(500, "WhatsApp gives no reference"));
            var proof = context.Time.GetUtcNow() - asked.Since < context.Options.PasskeyHandoffLifetime ? PasskeyHandoff.Prove(asked.HandoffKey, device.Prologue) : null;
            // Before it is sent: the phone's part may be here before the answer has been looked at.
            current = claimed with { Device = device, IsProven = proof is not null };
            if (TryMove(claimed, current)) await account.QueryAsync(PasskeyStanzas.Prologue(assertion, device.Prologue, proof), context.Options.QueryTimeout, ct);
        }
        catch
        {
            // It may be answered again, with another passkey for instance.
            TryMove(current, asked);
            throw;
        }
    }

    /// <inheritdoc cref="WaClient.ConfirmPasskeyAsync"/>
    public async Task ConfirmAsync(CancellationToken ct)
    {
        if (Volatile.Read(ref _attempt) is not { Stage: Stage.Agreed } agreed) throw new NotOnlineException("no passkey code is to be confirmed");
        await TellPhoneAsync(agreed, ct);
    }

    private static PasskeyAssertion Read(string json, PasskeyChallenge challenge)
    {
        try
        {
            return PasskeyAssertion.Parse(json, challenge);
        }
        catch (ProtocolException e)
        {
            throw new ArgumentException(e.Message, nameof(json), e);
        }
    }

    private void Ask(Node request)
    {
        if (account.Credentials.Account is not null) context.Logger.PasskeyIgnored("the account is linked");
        else if (request.Child(PasskeyStanzas.Options)?.ContentBytes is { Length: > 0 } options) TryBegin(options);
        else context.Background.Start("asking for the passkey challenge", FetchAsync);
    }

    private async Task FetchAsync(CancellationToken ct)
    {
        try
        {
            var answer = await account.QueryAsync(PasskeyStanzas.GetOptions(), context.Options.QueryTimeout, ct);
            TryBegin(answer.Child(PasskeyStanzas.Options)?.ContentBytes ?? []);
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException)
        {
            Refuse(e);
        }
    }

    private void TryBegin(byte[] options)
    {
        try
        {
            var challenge = PasskeyChallenge.Parse(options);
            var now = context.Time.GetUtcNow();
            var shown = code.AdvSecret ?? account.Credentials.AdvSecret;
            Volatile.Write(ref _attempt, new(Stage.Asked, challenge, PasskeyHandoff.Key(shown), now, RandomNumberGenerator.GetBytes(32)));
            rotation.ShowInstead(new ConnectionState.PasskeyRequired(challenge.Json), now + context.Options.PasskeyPatience);
        }
        catch (ProtocolException e)
        {
            Refuse(e);
        }
    }

    private void Continue(Node continuation)
    {
        var identity = continuation.Child("primary_ephemeral_identity")?.ContentBytes ?? [];
        if (Volatile.Read(ref _attempt) is not { Stage: Stage.Answered, Device: { } device } answered)
        {
            context.Logger.PasskeyIgnored("it answers nothing");
            return;
        }

        var continued = answered with { Stage = Stage.Continued };
        if (TryMove(answered, continued)) context.Background.Start("linking with a passkey", ct => AgreeAsync(continued, device, identity, ct));
    }

    private async Task AgreeAsync(Attempt continued, PasskeyDevice device, byte[] identity, CancellationToken ct)
    {
        try
        {
            var agreement = device.Agree(identity);
            await account.QueryAsync(PasskeyStanzas.Nonce(device.Nonce), context.Options.QueryTimeout, ct);
            var agreed = continued with { Stage = Stage.Agreed, Agreement = agreement };
            if (!TryMove(continued, agreed)) return;
            if (agreed.IsProven) await TellPhoneAsync(agreed, ct);
            else rotation.ShowInstead(new ConnectionState.PasskeyConfirmation(LinkCode.Show(agreement.Code)), context.Time.GetUtcNow() + context.Options.PasskeyPatience);
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException or ProtocolException)
        {
            Refuse(e);
        }
    }

    private async Task TellPhoneAsync(Attempt agreed, CancellationToken ct)
    {
        // What the phone signs may be here before the answer to this.
        var told = agreed with { Stage = Stage.Told };
        if (!TryMove(agreed, told)) throw new NotOnlineException("no passkey code is to be confirmed");
        var credentials = account.Credentials;
        var request = new PasskeyRequest(credentials.NoiseKey.Public, credentials.Identity.Identity.Public, told.AdvSecret);
        try
        {
            await account.QueryAsync(PasskeyStanzas.Request(request.Seal(told.Agreement!.Key)), context.Options.QueryTimeout, ct);
        }
        catch
        {
            TryMove(told, agreed);
            throw;
        }
    }

    private void Refuse(Exception error) => account.Fail(DisconnectReason.PairingRefused, $"linking with the account's passkey failed: {error.Message}");

    private bool TryMove(Attempt from, Attempt to) => Interlocked.CompareExchange(ref _attempt, to, from) == from;

    private enum Stage
    {
        Asked,
        Answered,
        Continued,
        Agreed,
        Told,
    }

    /// <summary>One challenge and what came of it. The new secret takes the old one's place only when the phone has signed with it.</summary>
    private sealed record Attempt(Stage Stage, PasskeyChallenge Challenge, byte[] HandoffKey, DateTimeOffset Since, byte[] AdvSecret)
    {
        public PasskeyDevice? Device { get; init; }

        public PasskeyAgreement? Agreement { get; init; }

        /// <summary>Whether the phone was given a proof that it took this device's code, so that nobody need compare codes.</summary>
        public bool IsProven { get; init; }

        public override string ToString() => "Attempt [redacted]";
    }
}

/// <summary>The iqs of linking with a passkey.</summary>
internal static class PasskeyStanzas
{
    public const string Options = "passkey_request_options";

    public static Node GetOptions() => Iq.Get("md", Node.Of(Options));

    public static Node Ref() => Iq.Get("md", Node.Of("ref"));

    public static Node Prologue(PasskeyAssertion assertion, byte[] prologue, byte[]? proof) => Iq.Set("md", Node.Of("passkey_prologue",
        Node.OfBytes("credential_id", assertion.CredentialId),
        Node.OfBytes("webauthn_assertion", assertion.Json),
        Node.OfBytes("prologue_payload", prologue),
        proof is null ? null : Node.OfBytes("pairing_handoff_proof", proof)));

    public static Node Nonce(byte[] nonce) => Iq.Set("md", Node.OfBytes("companion_nonce", nonce));

    public static Node Request(byte[] sealedRequest) => Iq.Set("md", Node.OfBytes("encrypted_pairing_request", sealedRequest));

}
