using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Footbridge.Protocol;
using Footbridge.Protocol.Pairing;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.Answers;
using Footbridge.Simulator.WhatsApp.State;
using Footbridge.Simulator.WhatsApp.Wire;

namespace Footbridge.Simulator.WhatsApp;

/// <summary>Linking a device of an account that has a passkey: asks for it, and plays the phone's part of what follows.</summary>
/// <param name="issue">States that a device (its connection, identity and secret) is the account's.</param>
internal sealed class PasskeyDesk(Func<ClientConnection, SimAccount, byte[], byte[], Task<SimDevice>> issue, Faults faults, TimeProvider time)
{
    private readonly ConcurrentDictionary<ClientConnection, Attempt> _attempts = new();

    /// <summary>The phone took a device's code with this secret: completes when the device has proved itself.</summary>
    public Task<SimDevice> AskAsync(ClientConnection connection, SimAccount account, SimPasskey passkey, byte[] secret)
    {
        var attempt = new Attempt(account, passkey, secret, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        _attempts[connection] = attempt;
        var options = faults.HoldsBackPasskeyOptions ? null : Node.OfText("passkey_request_options", passkey.Options(attempt.Challenge));
        Notify(connection, "passkey_prologue_request", options);
        return attempt.Done.Task;
    }

    /// <summary>Answers an iq on a connection that is waiting for a passkey; false when it is none of ours.</summary>
    public bool TryAnswer(ClientConnection connection, Node iq)
    {
        if (!_attempts.TryGetValue(connection, out var attempt) || iq.Children is not [var child, ..]) return false;
        try
        {
            switch (iq["type"], child.Tag)
            {
                case ("get", "passkey_request_options"):
                    connection.Deliver(Result(iq, Node.OfText("passkey_request_options", attempt.Passkey.Options(attempt.Challenge))));
                    return true;
                case ("get", "ref"):
                    connection.Deliver(Result(iq, Node.OfText("ref", attempt.Reference)));
                    return true;
                case ("set", "passkey_prologue"):
                    TakePrologue(connection, attempt, iq, child);
                    return true;
                case ("set", "companion_nonce"):
                    TakeNonce(connection, attempt, iq, child.ContentBytes ?? []);
                    return true;
                case ("set", "encrypted_pairing_request"):
                    TakeRequest(connection, attempt, iq, child.ContentBytes ?? []);
                    return true;
                default:
                    return false;
            }
        }
        catch (ProtocolException e)
        {
            connection.Deliver(IqAnswers.Error(iq, 400, e.Message));
            return true;
        }
    }

    public void Forget(ClientConnection connection)
    {
        if (_attempts.TryRemove(connection, out var attempt)) attempt.Done.TrySetException(new InvalidOperationException("the device went away"));
    }

    private void TakePrologue(ClientConnection connection, Attempt attempt, Node iq, Node prologue)
    {
        byte[] Part(string name) => prologue.Child(name)?.ContentBytes ?? [];
        if (!attempt.Passkey.IsAnswer(Part("credential_id"), Part("webauthn_assertion"), attempt.Challenge))
        {
            connection.Deliver(IqAnswers.Error(iq, 401, "not-authorized"));
            return;
        }

        var payload = Part("prologue_payload");
        attempt.Phone = new(payload, attempt.Reference);
        attempt.IsProven = prologue.Child("pairing_handoff_proof") is not null;
        var secret = faults.DoubtsPasskeyProof ? RandomNumberGenerator.GetBytes(32) : attempt.Secret;
        if (attempt.IsProven && !PasskeyHandoff.IsProof(PasskeyHandoff.Key(secret), payload, Part("pairing_handoff_proof")))
        {
            connection.Deliver(IqAnswers.Error(iq, 403, "forbidden"));
            return;
        }

        connection.Deliver(Result(iq));
        Notify(connection, "crsc_continuation", Node.OfBytes("primary_ephemeral_identity", attempt.Phone.Identity));
    }

    private static void TakeNonce(ClientConnection connection, Attempt attempt, Node iq, byte[] nonce)
    {
        attempt.Agreement = (attempt.Phone ?? throw new ProtocolException("no prologue came")).Agree(nonce);
        if (!attempt.IsProven) attempt.Passkey.ShownCode = LinkCode.Show(attempt.Agreement.Code);
        connection.Deliver(Result(iq));
    }

    private void TakeRequest(ClientConnection connection, Attempt attempt, Node iq, byte[] sealedRequest)
    {
        var request = PasskeyRequest.Open(sealedRequest, (attempt.Agreement ?? throw new ProtocolException("no nonce came")).Key);
        if (!CryptographicOperations.FixedTimeEquals(request.NoiseKey, connection.ClientStatic)) throw new ProtocolException("the request names another connection's key");
        _attempts.TryRemove(connection, out _);
        connection.Deliver(Result(iq));
        _ = CompleteAsync(attempt, issue(connection, attempt.Account, request.IdentityKey, request.AdvSecret));
    }

    private static async Task CompleteAsync(Attempt attempt, Task<SimDevice> issuing)
    {
        try
        {
            attempt.Done.SetResult(await issuing);
        }
        catch (InvalidOperationException e)
        {
            attempt.Done.SetException(e);
        }
    }

    private void Notify(ClientConnection connection, string type, Node? child) => connection.Deliver(Node.Of("notification",
        [("id", Guid.NewGuid().ToString("N")), ("from", Jid.Service), ("type", type), ("t", time.GetUtcNow().ToUnixTimeSeconds())], child));

    private static Node Result(Node iq, Node? child = null) => Node.Of("iq", [("id", iq["id"]), ("type", "result"), ("from", Jid.Service)], child);

    /// <summary>One device at the door of an account with a passkey.</summary>
    private sealed record Attempt(SimAccount Account, SimPasskey Passkey, byte[] Secret, string Challenge)
    {
        public string Reference { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

        public TaskCompletionSource<SimDevice> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public PasskeyPhone? Phone { get; set; }

        public PasskeyAgreement? Agreement { get; set; }

        public bool IsProven { get; set; }
    }
}
