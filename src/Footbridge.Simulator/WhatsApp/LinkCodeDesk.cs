using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Footbridge.Protocol;
using Footbridge.Protocol.Pairing;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.Answers;
using Footbridge.Simulator.WhatsApp.State;
using Footbridge.Simulator.WhatsApp.Wire;

namespace Footbridge.Simulator.WhatsApp;

/// <summary>Linking by code: takes what a device sealed with its code, and plays the phone whose owner types it.</summary>
internal sealed partial class LinkCodeDesk(State.Directory directory, PairingDesk pairing, TimeProvider time)
{
    private readonly ConcurrentDictionary<SimAccount, Offer> _offers = new();
    private readonly ConcurrentDictionary<ClientConnection, Typed> _typed = new();

    /// <summary>The answer to an iq with <c>link_code_companion_reg</c> on a connection that is not linked yet; null when it has been sent.</summary>
    public Node? Answer(ClientConnection connection, Node iq)
    {
        var registration = iq.Child("link_code_companion_reg")!;
        return registration["stage"] switch
        {
            "companion_hello" => TakeHello(connection, iq, registration),
            "companion_finish" => TakeFinish(connection, iq, registration),
            _ => IqAnswers.Error(iq, 400, "bad-request"),
        };
    }

    /// <summary>The owner types a code on the phone: completes when the device has proved itself.</summary>
    /// <exception cref="InvalidOperationException">No device asked for a code, it is too old, or it is another one.</exception>
    public Task<SimDevice> TypeAsync(SimAccount account, string text, CancellationToken ct)
    {
        if (!LinkCode.TryParse(text, out var code)) throw new InvalidOperationException("the phone does not take such a code");
        if (!_offers.TryRemove(account, out var offer) || time.GetElapsedTime(offer.Since) > LinkCode.Lifetime) throw new InvalidOperationException("no device waits for a code");
        var ephemeral = Curve25519.GenerateKeyPair();
        var shared = Curve25519.Agree(ephemeral.Private, LinkCode.Unwrap(code, offer.WrappedEphemeral));
        var done = new TaskCompletionSource<SimDevice>(TaskCreationOptions.RunContinuationsAsynchronously);
        _typed[offer.Connection] = new(account, offer.Reference, shared, done);
        offer.Connection.Deliver(Node.Of("notification",
            [("id", Guid.NewGuid().ToString("N")), ("from", Jid.Service), ("type", "link_code_companion_reg"), ("t", time.GetUtcNow().ToUnixTimeSeconds())],
            Node.Of("link_code_companion_reg", [("stage", "primary_hello")],
                Node.OfBytes("link_code_pairing_wrapped_primary_ephemeral_pub", LinkCode.Wrap(code, ephemeral.Public)),
                Node.OfBytes("primary_identity_pub", account.Identity.Public),
                Node.OfBytes("link_code_pairing_ref", offer.Reference))));
        return done.Task.WaitAsync(ct);
    }

    public void Forget(ClientConnection connection)
    {
        foreach (var (account, offer) in _offers)
        {
            if (offer.Connection == connection) _offers.TryRemove(new(account, offer));
        }

        if (_typed.TryRemove(connection, out var typed)) typed.Done.TrySetException(new InvalidOperationException("the device went away"));
    }

    private Node TakeHello(ClientConnection connection, Node iq, Node hello)
    {
        var wrapped = hello.Child("link_code_pairing_wrapped_companion_ephemeral_pub")?.ContentBytes;
        var isComplete = wrapped is { Length: LinkCode.WrappedBytes }
            && CryptographicOperations.FixedTimeEquals(hello.Child("companion_server_auth_key_pub")?.ContentBytes ?? [], connection.ClientStatic)
            && hello.Child("companion_platform_id")?.ContentText is { Length: > 0 }
            && Display().IsMatch(hello.Child("companion_platform_display")?.ContentText ?? "")
            && hello.Child("link_code_pairing_nonce")?.ContentBytes is [0 or (byte)'0'];
        if (!isComplete || hello.JidOf("jid") is not { } jid || directory.Find(jid) is not { } account) return IqAnswers.Error(iq, 400, "bad-request");
        var reference = RandomNumberGenerator.GetBytes(16);
        _offers[account] = new(connection, wrapped!, reference, time.GetTimestamp());
        return Result(iq, Node.Of("link_code_companion_reg", [("stage", "companion_hello")], Node.OfBytes("link_code_pairing_ref", reference)));
    }

    private Node? TakeFinish(ClientConnection connection, Node iq, Node finish)
    {
        var reference = finish.Child("link_code_pairing_ref")?.ContentBytes ?? [];
        if (!_typed.TryRemove(connection, out var typed) || !CryptographicOperations.FixedTimeEquals(reference, typed.Reference)) return IqAnswers.Error(iq, 404, "item-not-found");
        try
        {
            var identity = finish.Child("companion_identity_public")?.ContentBytes ?? [];
            var bundle = LinkBundle.Open(finish.Child("link_code_pairing_wrapped_key_bundle")?.ContentBytes ?? [], typed.Shared);
            if (!CryptographicOperations.FixedTimeEquals(bundle.DeviceIdentity, identity)) throw new ProtocolException("the bundle names another device");
            if (!CryptographicOperations.FixedTimeEquals(bundle.PhoneIdentity, typed.Account.Identity.Public)) throw new ProtocolException("the bundle names another phone");
            var secret = bundle.AdvSecret(typed.Shared, typed.Account.Identity.Private, identity);
            connection.Deliver(Result(iq));
            _ = CompleteAsync(typed, pairing.IssueAsync(connection, typed.Account, identity, secret));
            return null;
        }
        catch (ProtocolException e)
        {
            typed.Done.SetException(new InvalidOperationException(e.Message));
            return IqAnswers.Error(iq, 400, "bad-request");
        }
    }

    private static async Task CompleteAsync(Typed typed, Task<SimDevice> pairing)
    {
        try
        {
            typed.Done.SetResult(await pairing);
        }
        catch (InvalidOperationException e)
        {
            typed.Done.SetException(e);
        }
    }

    private static Node Result(Node iq, Node? child = null) => Node.Of("iq", [("id", iq["id"]), ("type", "result"), ("from", Jid.Service)], child);

    [GeneratedRegex(@"^[A-Za-z ]+ \([A-Za-z ]+\)$")]
    private static partial Regex Display();

    private sealed record Offer(ClientConnection Connection, byte[] WrappedEphemeral, byte[] Reference, long Since);

    private sealed record Typed(SimAccount Account, byte[] Reference, byte[] Shared, TaskCompletionSource<SimDevice> Done);
}
